package dev.assay.decide.check;

/// What a word tells of a passage that may be meant for a judge.
enum Clue {
    /// To leave out of account.
    IGNORE,
    /// What judges grade by.
    RUBRIC,
    /// What somebody was told before.
    INSTRUCTIONS,
    /// Who grades.
    JUDGE,
    /// To grade, or to write something down.
    GIVE,
    /// It has to be.
    MUST,
    /// A grade.
    SCORE,
    /// The best grade.
    TOP,
    /// The very text in which it stands.
    SELF,
    /// Somebody with authority speaks.
    AUTHORITY,
    /// The passage begins by addressing who grades, as `Dear judge,`.
    CALL,
    /// The number 9 or 10.
    TEN,
    /// The passage is a grade and nothing else, as `Score: 10`.
    VERDICT
}
