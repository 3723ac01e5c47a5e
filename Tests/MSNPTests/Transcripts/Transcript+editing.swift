// Lists and names: editing.

extension Transcript {
    static let adding = Transcript(
        "editing: ADD",
        """
        C: ADD 13 AL dave@example.com Dave
        S: ADD 13 AL 11 dave@example.com Dave
        C: ADD 14 FL dave@example.com Dave
        S: ADD 14 FL 12 dave@example.com Dave
        S: ILN 14 BRB dave@example.com Dave
        S: ADD 0 RL 13 erin@example.com Erin%20E
        C: ADD 15 BL erin@example.com Erin%20E
        S: ADD 15 BL 14 erin@example.com Erin%20E
        C: ADD 16 FL nobody@example.com nobody@example.com
        S: 205 16
        """)

    static let removing = Transcript(
        "editing: REM",
        """
        C: REM 17 FL dave@example.com
        S: REM 17 FL 15 dave@example.com
        C: REM 18 BL ghost@example.com
        S: 216 18
        S: REM 0 RL 16 bob@example.com
        """)

    static let renaming = Transcript(
        "names",
        """
        C: REA 19 alice@example.com Alice%20(away)
        S: REA 19 17 alice@example.com Alice%20(away)
        C: REA 20 alice@example.com forbidden
        S: 209 20
        """)

    static let phones = Transcript(
        "phones",
        """
        C: PRP 21 PHM 1%20(555)%20010%200123
        S: PRP 21 18 PHM 1%20(555)%20010%200123
        C: PRP 22 NEW x
        S: 715 22
        """)

    static let editingSection: [Transcript] = [
        adding, removing, renaming, phones,
    ]
}
