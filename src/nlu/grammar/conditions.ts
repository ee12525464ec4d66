import type { Operator } from '#catalog'
import { createFinder } from '../text/finder.ts'

/** A comparison word read in a text. `isCondition`: said as "when it becomes so" (넘으면, drops below). */
export type ComparatorReading = { start: number; end: number; operator: Operator; isCondition: boolean }

// Longest and most special first; each is tried at every place.
const korean: [string, Operator][] = [
  ['(?:넘지|초과하지)_(?:않|못)[가-힣]*|안_넘[가-힣]*', 'lte'],
  ['이상(?:_?(?:_MOMENT|이면|일_?때|되면|인|으로|이_되면|씩|의|이고|이면서|시))?', 'gte'],
  ['초과(?:_?(?:_MOMENT|하면|할_?때|한|하는|된|되면|시|인|했|하고|해서))?', 'gt'],
  ['이하(?:로|가)?(?:_?(?:_MOMENT|이면|되면|인|떨어지면|내려가면|줄면|일_?때|면|의|이고|시))?', 'lte'],
  ['미만(?:으로|이)?(?:_?(?:_MOMENT|이면|되면|인|떨어지면|내려가면|줄면|일_?때|면|의|이고|시))?', 'lt'],
  ['넘(?:는_?(?:순간|즉시|대로)|으면|는|은|게|어서면|어가면|어가는|어간|어선|어|긴|기면|겼|었|을|고|을_?때)', 'gt'],
  ['(?:웃도는|웃돌면|웃돌|상회하는|상회하면|상회)', 'gt'],
  ['(?:밑도는|밑돌면|밑돌|하회하는|하회하면|하회|미달하?는?|미달이면|미달인|미달)', 'lt'],
  [
    '(?:밑|아래)(?:으로|로|인|에)?(?:_?(?:떨어지면|내려가면|떨어진|내려간|빠지면|줄면|줄어들면|떨어질_?때|가면))?',
    'lt',
  ],
  ['(?:이|가|도)?_?(?:안_?되는|못_?되는|못_?미치는|안_?되면|못_?미치면)', 'lt'],
  ['보다_(?:더_)?(?:많|크|큰|높|긴|길|비싼|비싸|오래)[가-힣]*', 'gt'],
  ['보다_(?:더_)?(?:적|작|낮|짧|싼|싸|덜)[가-힣]*', 'lt'],
  ['(?:로|으로|까지)?_?(?:떨어지면|내려가면|줄면|줄어들면|빠지면)', 'lte'],
  ['(?:에|을|를)?_?(?:도달하면|찍으면|돌파하면|달성하면)', 'gte'],
  ['(?:이|가)?_?되면', 'gte'],
  ['(?<=\\d_(?:원|개|일|건|명|%|퍼센트|프로)?)인(?=\\s[가-힣])', 'eq'],
]
const english: [string, Operator][] = [
  ["(?:not|no|isn't|does(?:n't| not))\\s+(?:more|greater|higher|larger|over|above|exceed(?:ing)?)(?:\\s+than)?", 'lte'],
  ['(?:no|not)\\s+(?:less|fewer|lower)\\s+than', 'gte'],
  ['(?:is\\s+)?(?:more|greater|higher|larger|bigger|longer|older)\\s+than', 'gt'],
  ['(?:goes|go|rises?|gets?|climbs?|is|are)?\\s*(?:over|above|beyond|past)', 'gt'],
  ['exceed(?:s|ed|ing)?|in excess of|tops', 'gt'],
  ['at\\s+least|(?:a\\s+)?minimum\\s+of|reach(?:es|ed)?|hits?', 'gte'],
  ['or\\s+(?:more|above|over|higher)', 'gte'],
  ['(?:is\\s+)?(?:less|fewer|lower|smaller|shorter)\\s+than', 'lt'],
  ['(?:drops?|falls?|goes|dips?|gets?|is|are)?\\s*(?:below|under|beneath)', 'lt'],
  ['at\\s+most|up\\s+to|(?:a\\s+)?maximum\\s+of', 'lte'],
  ['or\\s+(?:less|fewer|below|under|lower)', 'lte'],
  ['exactly|equal\\s+to', 'eq'],
  ['>=', 'gte'],
  ['<=', 'lte'],
  ['>', 'gt'],
  ['<', 'lt'],
]

/** 미만 되는 순간: said as something that is to become so. */
const moment = '(?:이|으로|가)?_?(?:되|하|떨어지|내려가|올라가)는_?(?:순간|즉시|대로)'
const compile = (list: [string, Operator][], isEnglish: boolean) =>
  list.map(([source, operator]) => ({
    finder: createFinder(
      new RegExp(
        isEnglish && /^[(a-z]/.test(source)
          ? `(?<![a-z])(?:${source})(?![a-z])`
          : `(?:${source.replace('_MOMENT', moment).replaceAll('_', '\\s*')})`,
      ),
    ),
    operator,
  }))
const koreanRules = compile(korean, false)
const englishRules = compile(english, true)
const becomes = /(?:면|때|시|순간|즉시|대로)$/
const englishCondition = /\b(?:if|when|whenever|once|as soon as)\b/

/** Every comparison word of a lower-case text; of overlapping ones the longest. */
export function readComparators(text: string): ComparatorReading[] {
  const found: ComparatorReading[] = []
  const isEnglishCondition = englishCondition.test(text)
  const run = (rules: typeof koreanRules, isEnglish: boolean) => {
    for (const { finder, operator } of rules) {
      for (const match of finder.all(text)) {
        const lead = match[0].length - match[0].trimStart().length
        const one = {
          start: match.index + lead,
          end: match.index + match[0].length,
          operator,
          isCondition: isEnglish ? isEnglishCondition : becomes.test(match[0]),
        }
        if (!found.some((other) => one.start < other.end && other.start < one.end)) found.push(one)
      }
    }
  }
  if (/[가-힣]/.test(text)) run(koreanRules, false)
  if (/[a-z<>]/.test(text)) run(englishRules, true)
  return found.sort((a, b) => a.start - b.start)
}
