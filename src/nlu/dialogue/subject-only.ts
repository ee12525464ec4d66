import type { Reading } from '../read-text.ts'

const topicEnd = /(?:은|는)(?:요|여|용)?\s*[?~!.]*\s*$/
const englishTopic = /^\s*(?:and\s+|then\s+)?(?:what|how) about\b/
const question = /얼마|몇|어때|어떻|알려|보여|뭐|how (?:much|many)|what (?:is|are|was|were)|show me/

/** Whether a text asks something in full, not only by what it names. */
export const isFullQuestion = (text: string): boolean => question.test(text)

/** 그럼 생산은?: a subject and nothing more, which only says something together with the turn before. */
export const isSubjectOnly = ({ normal: { text } }: Reading): boolean =>
  englishTopic.test(text) || (topicEnd.test(text) && !isFullQuestion(text))
