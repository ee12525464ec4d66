import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { romanize } from 'es-hangul'
import { parse } from 'yaml'
import { z } from 'zod'

/** Words that company, item and department names are made of, and their English: 전자 → electronics. */
export type Glossary = { english: ReadonlyMap<string, readonly string[]>; korean: ReadonlySet<string>; longest: number }

const fileSchema = z.record(z.string(), z.array(z.string()).min(1))
let read: Glossary | undefined

/** The glossary of `nlu-training/glossary.yaml`, read once a process. */
export function readGlossary(): Glossary {
  if (read) return read
  const path = join(import.meta.dirname, '../../../nlu-training/glossary.yaml')
  const words = fileSchema.parse(parse(readFileSync(path, 'utf8')))
  const english = new Map(Object.entries(words))
  read = {
    english,
    korean: new Set(english.keys()),
    longest: Math.max(...[...english.keys()].map((word) => word.length)),
  }
  return read
}

type Part = { texts: readonly string[]; isTranslated: boolean }

/** Cuts a name into glossary words, longest first, and the rest between them. */
function partsOf(name: string, glossary: Glossary): Part[] {
  const parts: Part[] = []
  let rest = ''
  const flush = () => {
    if (rest.trim())
      parts.push({ texts: [/[가-힣]/.test(rest) ? romanize(rest.trim()) : rest.trim()], isTranslated: false })
    rest = ''
  }
  for (let at = 0; at < name.length; ) {
    let length = Math.min(glossary.longest, name.length - at)
    while (length > 1 && !glossary.english.has(name.slice(at, at + length))) length -= 1
    const texts = length > 1 ? glossary.english.get(name.slice(at, at + length)) : undefined
    if (texts) {
      flush()
      parts.push({ texts, isTranslated: true })
      at += length
    } else {
      rest += name[at] ?? ''
      at += 1
    }
  }
  flush()
  return parts
}

/** English renderings of a Korean name that has glossary words in it: 한빛전자 → hanbit electronics. At most eight. */
export function translateName(name: string, glossary: Glossary): string[] {
  if (!/[가-힣]/.test(name)) return []
  const parts = partsOf(name, glossary)
  if (!parts.some((part) => part.isTranslated)) return []
  let texts = ['']
  for (const part of parts)
    texts = texts.flatMap((text) => part.texts.map((word) => `${text} ${word}`.trim())).slice(0, 8)
  // 2라인 is Line 2 in English.
  return texts.flatMap((text) => {
    const numbered = /^(\d+) ?([a-z]+)$/.exec(text)
    return numbered ? [text, `${numbered[2]} ${numbered[1]}`] : [text]
  })
}
