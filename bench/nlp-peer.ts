import { readFileSync } from 'node:fs'
import { demoNames } from './erp-questions.ts'
import { openNlp } from './nlp-container.ts'

const listFile = new URL('../docs/questions.jsonl', import.meta.url)
const languageOf = (text: string): 'ko' | 'en' => (/[가-힣]/.test(text) ? 'ko' : 'en')

/** The listed questions with what each is about: intent and entity. */
function labelledQuestions(): { text: string; label: string }[] {
  type Line = { text?: string; expect?: { intent: string; query?: { entity: string } } }
  return readFileSync(listFile, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const { text, expect } = JSON.parse(line) as Line
      return text && expect ? [{ text, label: [expect.intent, expect.query?.entity].filter(Boolean).join('.') }] : []
    })
}

/** nlp.js with its NER: intents of the listed questions, every name of the demo company. Resolves with its call for one text. */
export async function createNlpPeer(): Promise<(text: string) => Promise<unknown>> {
  const { container, nlp } = await openNlp()
  nlp.forceNER = true
  for (const language of ['ko', 'en']) {
    for (const { domain, name, code } of demoNames()) {
      // It looks for names in the text as its tokenizer cuts it: a Korean compound is found only when it is cut alike.
      const { tokens } = await container.get('tokenize').run({ locale: language, text: name })
      nlp.addNerRuleOptionTexts(language, domain, name, [name, tokens.join(' '), ...(code ? [code] : [])])
    }
  }
  for (const { text, label } of labelledQuestions()) nlp.addDocument(languageOf(text), text, label)
  await nlp.train()
  return (text) => nlp.process(languageOf(text), text)
}
