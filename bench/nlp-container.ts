import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** What the benches use of nlp.js. */
export type Nlp = {
  settings: Record<string, unknown>
  forceNER: boolean
  addLanguage(language: string): void
  addDocument(language: string, text: string, intent: string): void
  addNerRuleOptionTexts(language: string, entity: string, option: string, texts: string[]): void
  train(): Promise<void>
  process(language: string, text: string): Promise<{ intent: string; entities: unknown[] }>
}
type Step = { run(input: { locale: string; text: string; tokens?: string[] }): Promise<{ tokens: string[] }> }
export type NlpContainer = {
  use(part: unknown): void
  registerConfiguration(name: string, settings: object): void
  get(name: 'nlp'): Nlp
  get(name: 'tokenize' | 'stem'): Step
}

/** nlp.js in memory, silent, with its Korean and English. */
export async function openNlp(): Promise<{ container: NlpContainer; nlp: Nlp }> {
  const { containerBootstrap } = require('@nlpjs/core') as { containerBootstrap(): Promise<NlpContainer> }
  const container = await containerBootstrap()
  for (const [name, part] of [
    ['@nlpjs/nlp', 'Nlp'],
    ['@nlpjs/lang-ko', 'LangKo'],
    ['@nlpjs/lang-en', 'LangEn'],
  ] as const)
    container.use((require(name) as Record<string, unknown>)[part])
  const nlp = container.get('nlp')
  nlp.settings.autoSave = false
  for (const language of ['ko', 'en']) {
    container.registerConfiguration(`nlu-${language}`, { log: false })
    nlp.addLanguage(language)
  }
  return { container, nlp }
}
