import { AppError } from '#platform/errors'
import { pushErrors } from './errors.ts'

/** Which devices a message is for, by the topics they subscribe to. */
export type TopicCondition =
  | { kind: 'topic'; topic: string }
  | { kind: 'not'; of: TopicCondition }
  | { kind: 'and' | 'or'; of: TopicCondition[] }

/** A topic's name as Firebase takes it. */
export const topicPattern = /^[\w.~%-]{1,200}$/
/** The limit of Firebase on a condition. */
const mostTopics = 5
export const longestCondition = 1_200

const tokenPattern = /\s*(?:'([\w.~%-]{1,200})'\s+in\s+topics\b|(&&|\|\||[()!]))\s*/y
const deepest = 10

type Token = { topic: string } | { sign: string }

/**
 * Reads `'stock' in topics && ('seoul' in topics || !('busan' in topics))`. `&&` binds closer than `||`, as with Firebase. Throws AppError
 * PUSH_CONDITION_INVALID, or PUSH_CONDITION_TOO_LONG above five topics.
 */
export function readCondition(text: string): TopicCondition {
  const tokens = readTokens(text)
  const topics = tokens.filter((token) => 'topic' in token).length
  if (topics > mostTopics)
    throw new AppError(pushErrors.conditionTooLong, { params: { count: topics, limit: mostTopics } })
  let at = 0
  const takeSign = (sign: string) => {
    const token = tokens[at]
    if (!token || !('sign' in token) || token.sign !== sign) return false
    at += 1
    return true
  }
  const readList = (kind: 'and' | 'or', sign: string, readOne: () => TopicCondition): TopicCondition => {
    const first = readOne()
    const of = [first]
    while (takeSign(sign)) of.push(readOne())
    return of.length === 1 ? first : { kind, of }
  }
  const readOr = (depth: number): TopicCondition => readList('or', '||', () => readAnd(depth))
  const readAnd = (depth: number): TopicCondition => readList('and', '&&', () => readTerm(depth))
  const readTerm = (depth: number): TopicCondition => {
    if (depth > deepest) throw invalid()
    if (takeSign('!')) return { kind: 'not', of: readTerm(depth + 1) }
    if (takeSign('(')) {
      const inner = readOr(depth + 1)
      if (!takeSign(')')) throw invalid()
      return inner
    }
    const token = tokens[at]
    if (!token || !('topic' in token)) throw invalid()
    at += 1
    return { kind: 'topic', topic: token.topic }
  }
  const condition = readOr(0)
  if (at < tokens.length) throw invalid()
  return condition
}

const invalid = () => new AppError(pushErrors.conditionInvalid)

function readTokens(text: string): Token[] {
  if (text.length > longestCondition) throw invalid()
  const tokens: Token[] = []
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < text.length) {
    const found = tokenPattern.exec(text)
    if (!found) throw invalid()
    const [, topic, sign = ''] = found
    tokens.push(topic === undefined ? { sign } : { topic })
  }
  return tokens
}
