import { writeFileSync } from 'node:fs'
import { loadCatalog } from '#catalog'
import { readExamples, renderQuestionList } from './question-list.ts'

// `npm run -s questions`: writes docs/questions.md from docs/questions.jsonl.
const catalog = loadCatalog('catalog', 'demo-odata')
writeFileSync('docs/questions.md', renderQuestionList(catalog, readExamples('docs/questions.jsonl'), '2026-11-23'))
