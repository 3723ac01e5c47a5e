// Each text stands on one line, as it is sent.
// swift-format-ignore-file

/// The exact bytes of everything that the API writes, for `JSONBytesTests`.
enum Bytes {
    static let session = ##"{"account":"alice@example.com","backend":"sandbox","createdAt":"2023-11-14T22:13:20.007Z","cursor":"abcdefgh.0","displayName":"Alice","id":"xZ0r9cKf3mQw7TbL","state":"connecting","status":"offline"}"##
    static let fullSession = ##"{"account":"alice@example.com","backend":"sandbox","createdAt":"2023-11-14T22:13:20.007Z","cursor":"abcdefgh.0","displayName":"Alice","id":"xZ0r9cKf3mQw7TbL","lastReceivedAt":"1970-01-01T00:00:00.000Z","protocol":"MSNP6","reason":"connectionLost","retryAt":"2024-02-28T23:59:59.999Z","state":"reconnecting","status":"offline","verified":true}"##
    static let contact = ##"{"account":"bob@example.com","blocked":false,"displayName":"Bob / \"B\"","lists":["forward","allow","reverse"],"pending":false,"status":"beRightBack"}"##
    static let contactWithoutPhones = ##"{"account":"bob@example.com","blocked":false,"displayName":"Bob / \"B\"","lists":["forward","allow","reverse"],"pending":false,"phones":{},"status":"beRightBack"}"##
    static let contactWithPhones = ##"{"account":"bob@example.com","blocked":false,"displayName":"Bob / \"B\"","lists":["forward","allow","reverse"],"pending":false,"phones":{"home":"1","mobile":"3","mobileMessaging":false,"work":"2"},"status":"beRightBack"}"##
    static let noContacts = ##"{"contacts":[]}"##
    static let nobody = ##"{}"##
    static let person = ##"{"city":"C","country":"US","firstName":"A","lastName":"B","state":"S"}"##
    static let format = ##"{"bold":true,"color":"#ff0000","font":"Comic Sans","italic":true,"rightToLeft":true,"strikethrough":false,"underline":false}"##
    static let message = ##"{"clientRef":"ref","conversationId":"abcdefgh.c1","delivery":"failed","format":{"bold":true,"color":"#ff0000","font":"Comic Sans","italic":true,"rightToLeft":true,"strikethrough":false,"underline":false},"id":"abcdefgh.m1","partial":12,"reason":"notDelivered","sentAt":"2023-11-14T22:13:20.007Z","text":"a\n\t\"b\" 😀"}"##
    static let conversation = ##"{"createdAt":"2023-11-14T22:13:20.007Z","group":false,"id":"abcdefgh.c1","participants":[{"account":"bob@example.com","displayName":"Bob"}]}"##
    static let conversationWithAbsent = ##"{"absent":[{"account":"carol@example.com","reason":"contactOffline"}],"createdAt":"2023-11-14T22:13:20.007Z","group":false,"id":"abcdefgh.c1","lastMessageAt":"2023-11-14T22:13:20.007Z","participants":[{"account":"bob@example.com","displayName":"Bob"}]}"##
    static let snapshot = ##"{"contacts":[],"conversations":[],"cursor":"abcdefgh.0","privacy":{"promptOnAdd":true,"unknownContacts":"allow"},"session":{"account":"alice@example.com","backend":"sandbox","createdAt":"2023-11-14T22:13:20.007Z","cursor":"abcdefgh.0","displayName":"Alice","id":"xZ0r9cKf3mQw7TbL","state":"connecting","status":"offline"}}"##
    static let gap = ##"{"missed":7,"oldest":"abcdefgh.7","snapshot":"/v1/x"}"##
    static let nothing = ##"{}"##
    static let trace = ##"{"connection":"notification","line":"ILN 9 AWY bob@example.com Bob%20B.","number":1,"time":"2023-11-14T22:13:20.007Z"}"##
    static let problem = ##"{"code":"not-found","detail":"Nothing.","instance":"/v1/x","requestId":"r","status":404,"title":"There is nothing here","type":"/docs/problems#not-found"}"##
    static let longProblem = ##"{"code":"contact-offline","detail":"Gone.","errors":[{"detail":"is wrong","pointer":"/a~1b"}],"instance":"/v1/ü","missed":9,"moreErrors":3,"msnp":{"code":217,"command":"CAL","name":"MSNP_NOT_ACCEPTING_IMS"},"oldest":"abcdefgh.9","partial":5,"reason":"contactOffline","requestId":"r-1","snapshot":"/v1/sessions/s/snapshot","status":409,"title":"The contact can't be reached","type":"/docs/problems#contact-offline"}"##

    static let events = [
        ##"{"data":{"state":"signingIn"},"id":"abcdefgh.1","seq":1,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"session.state"}"##,
        ##"{"data":{"displayName":"Alice / 1","verified":true},"id":"abcdefgh.2","seq":2,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"session.updated"}"##,
        ##"{"data":{"profile":{"age":22,"birthday":"1","birthdayPrecision":4,"country":"US","emailEnabled":true,"flags":1027,"gender":"f","kid":false,"kv":4,"languagePreference":1033,"loginTime":"2002-02-17T06:48:39.000Z","memberIdHigh":84736,"memberIdLow":-1434729391,"postalCode":"1","preferredEmail":"alice@example.com","puid":"0x00014b00:0xaa7bc451","sid":507,"wallet":false}},"id":"abcdefgh.3","seq":3,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"session.updated"}"##,
        ##"{"data":{"contact":{"account":"bob@example.com","blocked":false,"displayName":"Bob","lists":["forward"],"pending":false,"phones":{},"status":"offline"}},"id":"abcdefgh.4","seq":4,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"contact.added"}"##,
        ##"{"data":{"contact":{"account":"carol@example.com","blocked":false,"displayName":"Carol","lists":["reverse"],"pending":true,"phones":{},"status":"offline"}},"id":"abcdefgh.5","seq":5,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"contact.added"}"##,
        ##"{"data":{"account":"carol@example.com","displayName":"Carol"},"id":"abcdefgh.6","seq":6,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"contact.request"}"##,
        ##"{"data":{"state":"online"},"id":"abcdefgh.7","seq":7,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"session.state"}"##,
        ##"{"data":{"forced":false,"status":"online"},"id":"abcdefgh.8","seq":8,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"presence.own"}"##,
        ##"{"data":{"contact":{"account":"bob@example.com","blocked":false,"displayName":"Bobby","lists":["forward"],"pending":false,"phones":{},"status":"offline"}},"id":"abcdefgh.9","seq":9,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"contact.updated"}"##,
        ##"{"data":{"account":"bob@example.com","displayName":"Bobby","previous":"offline","status":"away"},"id":"abcdefgh.10","seq":10,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"presence.changed"}"##,
        ##"{"data":{"contact":{"account":"bob@example.com","blocked":false,"displayName":"Bobby","lists":["forward"],"pending":false,"phones":{"home":"1"},"status":"away"}},"id":"abcdefgh.11","seq":11,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"contact.updated"}"##,
        ##"{"data":{"mobile":"2"},"id":"abcdefgh.12","seq":12,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"phones.changed"}"##,
        ##"{"data":{"promptOnAdd":true,"unknownContacts":"block"},"id":"abcdefgh.13","seq":13,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"privacy.changed"}"##,
        ##"{"data":{"promptOnAdd":false,"unknownContacts":"block"},"id":"abcdefgh.14","seq":14,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"privacy.changed"}"##,
        ##"{"data":{"contact":{"account":"bob@example.com","blocked":false,"displayName":"Bobby","lists":[],"pending":false,"phones":{},"status":"offline"}},"id":"abcdefgh.15","seq":15,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"contact.removed"}"##,
        ##"{"data":{"displayName":"Al"},"id":"abcdefgh.16","seq":16,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"session.updated"}"##,
        ##"{"data":{"kind":"maintenance","minutes":5},"id":"abcdefgh.17","seq":17,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"server.notice"}"##,
        ##"{"data":{"foldersUnread":2,"inboxUnread":1},"id":"abcdefgh.18","seq":18,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"mail.status"}"##,
        ##"{"data":{"displayName":"Carol","folder":"ACTIVE","foldersUnread":2,"from":"carol@example.com","inboxUnread":2,"subject":"Hi"},"id":"abcdefgh.19","seq":19,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"mail.received"}"##,
        ##"{"data":{"count":1,"destinationFolder":"trAsH","foldersUnread":2,"inboxUnread":1,"sourceFolder":"ACTIVE"},"id":"abcdefgh.20","seq":20,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"mail.changed"}"##,
        ##"{"data":{"actionUrl":"http://a.example/go?notification_id=2&message_id=3&agent=messenger","iconUrl":"http://a.example/i.png","id":2,"language":1033,"siteId":45,"subscriptionUrl":"http://a.example/s?notification_id=2&message_id=3&agent=messenger","text":"T & U"},"id":"abcdefgh.21","seq":21,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"alert.received"}"##,
        ##"{"data":{"text":"Call me"},"id":"abcdefgh.22","seq":22,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"page.received"}"##,
        ##"{"data":{"from":"carol@example.com","text":"x"},"id":"abcdefgh.23","seq":23,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"page.received"}"##,
        ##"{"data":{"msnp":{"code":800,"command":"PAG","name":"RATE_LIMIT_EXCEEDED"},"pageId":"4","to":"bob@example.com"},"id":"abcdefgh.24","seq":24,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"page.failed"}"##,
        ##"{"data":{"code":3,"pageId":"4","to":"bob@example.com"},"id":"abcdefgh.25","seq":25,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"page.failed"}"##,
        ##"{"data":{"pageId":"4","to":"bob@example.com"},"id":"abcdefgh.26","seq":26,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"page.failed"}"##,
        ##"{"data":{"reason":"connectionLost","retryAt":"2023-11-14T22:13:21.507Z","state":"reconnecting"},"id":"abcdefgh.27","seq":27,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"session.state"}"##,
        ##"{"data":{"forced":true,"status":"offline"},"id":"abcdefgh.28","seq":28,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"presence.own"}"##,
        ##"{"data":{"reason":"signedInElsewhere","state":"ended"},"id":"abcdefgh.29","seq":29,"sessionId":"s","time":"2023-11-14T22:13:20.007Z","type":"session.state"}"##,
    ]

    static let noKeys = """
        {
          "keys" : [

          ],
          "version" : 1
        }

        """
    static let keys = """
        {
          "keys" : [
            {
              "createdAt" : "2023-11-14T22:13:20.007Z",
              "id" : "a/b",
              "name" : "one",
              "scopes" : [

              ],
              "sha256" : "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
            },
            {
              "createdAt" : "1970-01-01T00:00:00.000Z",
              "id" : "c",
              "name" : "two",
              "scopes" : [
                "admin"
              ],
              "sha256" : "0e0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
            }
          ],
          "version" : 1
        }

        """
}
