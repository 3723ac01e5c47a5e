/// The host of every login URL that the sandbox answers to `URL`; it exists nowhere.
package let loginHost = "login.sandbox.example"
