// Lists: synchronising and settings.

extension Transcript {
    static let unchangedLists = Transcript(
        "synchronization: unchanged",
        """
        C: SYN 8 8
        S: SYN 8 8
        """)

    static let changedLists = Transcript(
        "synchronization",
        """
        C: SYN 8 5
        S: SYN 8 9
        S: GTC 8 9 A
        S: BLP 8 9 AL
        S: PRP 8 9 PHH 1%20(555)%20010%200100
        S: PRP 8 9 PHW
        S: PRP 8 9 PHM
        S: PRP 8 9 MOB N
        S: PRP 8 9 MBE N
        S: LST 8 FL 9 1 2 bob@example.com Bob%20B.
        S: BPR 9 bob@example.com PHH 1%20(555)%20010%200199
        S: BPR 9 bob@example.com PHW
        S: BPR 9 bob@example.com PHM
        S: BPR 9 bob@example.com MOB N
        S: LST 8 FL 9 2 2 carol@example.com carol@example.com
        S: BPR 9 carol@example.com PHH
        S: BPR 9 carol@example.com PHW
        S: BPR 9 carol@example.com PHM
        S: BPR 9 carol@example.com MOB Y
        S: LST 8 AL 9 1 1 bob@example.com Bob%20B.
        S: LST 8 BL 9 1 1 mallory@example.com Mallory
        S: LST 8 RL 9 1 2 bob@example.com Bob%20B.
        S: LST 8 RL 9 2 2 dave@example.com Dave
        """)

    static let privacySettings = Transcript(
        "settings",
        """
        C: BLP 11 BL
        S: BLP 11 10 BL
        C: BLP 12 BL
        S: 218 12
        """)

    static let synchronisationSection: [Transcript] = [
        unchangedLists, changedLists, privacySettings,
    ]
}
