/** What giving a member a score did: the member is new, its score is new, or both were so before. */
export type SetOutcome = 'added' | 'moved' | 'same';
