import type { Language } from '#catalog'
import { AppError } from '#platform/errors'
import { maxQuestionLength } from './api.ts'
import { chatErrors } from './errors.ts'

/** Characters nobody types: controls, halves of surrogate pairs, and noncharacters. */
const unreadable = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u
/** Marks that change nothing a person sees, or turn text around: taken out before the text is read. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

/** The question as it will be read: composed Hangul, one line, no invisible marks. Throws QUESTION_EMPTY, _TOO_LONG, _UNREADABLE. */
export function readQuestion(raw: string): string {
  const length = [...raw].length
  if (length > maxQuestionLength) {
    throw new AppError(chatErrors.questionTooLong, { params: { length, max: maxQuestionLength } })
  }
  const text = raw.normalize('NFC').replace(invisible, '').replace(/\s+/g, ' ').trim()
  if (unreadable.test(text)) throw new AppError(chatErrors.questionUnreadable)
  if (!/[\p{L}\p{N}]/u.test(text)) throw new AppError(chatErrors.questionEmpty)
  return text
}

/** Korean when there is Hangul, English when there are Latin words (a code such as A-100 is none), else the interface's. */
export function languageOf(text: string, fallback: Language): Language {
  if (/[\p{Script=Hangul}]/u.test(text)) return 'ko'
  const hasWord = text.split(/\s+/).some((token) => /^[("'“‘]?[A-Za-z][a-z'’-]+[?.!,)"'”’]*$/.test(token))
  return hasWord ? 'en' : fallback
}
