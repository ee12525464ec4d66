import { z } from 'zod'
import { phraseLines, sourceAnywhere } from './phrase-source.ts'
import { readWordFile } from './word-file.ts'

const fileSchema = z.strictObject({ push: phraseLines })

/** Finds where a text asks to be told by push: `nlu-training/channels.yaml`. Throws an Error that lists every fault of the file. */
export const readPushWords = (folder?: string): RegExp =>
  new RegExp(sourceAnywhere(readWordFile('channels.yaml', fileSchema, folder).push))
