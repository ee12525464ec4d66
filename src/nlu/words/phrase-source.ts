import { z } from 'zod'
import { type Pattern, PatternFault, parsePattern } from '../training/pattern.ts'

/** Lines of ways of saying something, as in the training files: `(a|b)` one of these, `[a]` may be left out. */
export const phraseLines = z
  .array(z.string().min(1))
  .min(1)
  .transform((lines, context) =>
    lines.flatMap((line) => {
      try {
        return [parsePattern(line, new Map())]
      } catch (error) {
        if (!(error instanceof PatternFault)) throw error
        context.addIssue(error.message)
        return []
      }
    }),
  )

const escapeSigns = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

function sourceOfPart(pattern: Pattern): string {
  // Korean may be written with or without a space.
  if (pattern.kind === 'text') return escapeSigns(pattern.text).replace(/(?<=[가-힣]) | (?=[가-힣])/g, '\\s*')
  if (pattern.kind === 'sequence') return pattern.parts.map(sourceOfPart).join('')
  return `(?:${pattern.options.map(sourceOfPart).join('|')})`
}

/** The source of a regular expression that matches each of these ways of saying something. */
export const sourceOf = (patterns: readonly Pattern[]): string => `(?:${patterns.map(sourceOfPart).join('|')})`

const isLatin = (pattern: Pattern): boolean => !/[가-힣]/.test(sourceOfPart(pattern))

/** As {@link sourceOf}, for phrases anywhere in a sentence: Korean inside of words too, English as words of their own. */
export function sourceAnywhere(patterns: readonly Pattern[]): string {
  const latin = patterns.filter(isLatin)
  const korean = patterns.filter((pattern) => !isLatin(pattern))
  return [
    ...(korean.length > 0 ? [sourceOf(korean)] : []),
    ...(latin.length > 0 ? [`\\b${sourceOf(latin)}\\b`] : []),
  ].join('|')
}
