export type { LetterCountsBody, LetterDetailBody, LetterListBody, LetterOutcome } from './api.ts'
export { registerDeadLetters } from './routes.ts'
