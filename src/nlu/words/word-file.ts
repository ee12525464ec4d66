import { z } from 'zod'
import { formatFault, readYamlFile } from '#platform/yaml-file'
import { trainingFolder } from '../training/read-patterns.ts'

/** Words between spaces and line breaks, each of which must fit; none twice, which would be a slip of whoever adds to a list. */
function listOf(fits: RegExp, problem: string) {
  return z.string().transform((text, context) => {
    const words = text.split(/\s+/).filter((word) => word !== '')
    for (const word of words) if (!fits.test(word)) context.addIssue(`'${word}' ${problem}`)
    words.forEach((word, i) => {
      if (words.indexOf(word) !== i) context.addIssue(`'${word}' stands there twice`)
    })
    return words
  })
}

export const koreanWords = listOf(/^[가-힣]{1,40}$/, 'is no word of Hangul')
export const syllables = listOf(/^[가-힣]$/, 'is no syllable')
export const englishWords = listOf(/^[a-z]{1,40}$/, 'is no English word in small letters')

/** Reads a file of word lists of `nlu-training/`. Throws an Error that lists every fault as `file:line: problem`. */
export function readWordFile<Lists>(file: string, schema: z.ZodType<Lists>, folder = trainingFolder): Lists {
  const { file: read, faults } = readYamlFile(folder, file, schema)
  if (!read) throw new Error(`The word lists have ${faults.length} fault(s):\n${faults.map(formatFault).join('\n')}`)
  return read.value
}
