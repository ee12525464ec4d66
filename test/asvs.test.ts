import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = readFileSync('docs/asvs.md', 'utf8')
const lines = page.split('\n').filter((line) => /^\| V\d+\.\d+\.\d+ \| [12] \|/.test(line))

test('what docs/asvs.md names as shown by is there', () => {
  const named = lines.flatMap((line) => [...line.matchAll(/`([^`]+\.\w+)`/g)].map(([, file = '']) => file))
  expect(named.length).toBeGreaterThan(150)
  expect([...new Set(named)].filter((file) => !existsSync(file))).toEqual([])
})

test('every line says what shows it, or that it is not met yet', () => {
  const bare = lines.filter((line) => / \| – \|$/.test(line) && !/\*\*(Not yet|Partly)\*\*/.test(line))
  expect(bare).toEqual([])
})

test('docs/asvs.md counts its lines right', () => {
  const notYet = lines.filter((line) => line.includes('**Not yet**')).length
  const partly = lines.filter((line) => line.includes('**Partly**')).length
  const [all, without, met, ...others] = (
    /^Of (\d+) .*?, (\d+) do not apply; .*? (\d+) are met, (\d+) partly, (\d+) not yet/m.exec(page) ?? []
  )
    .slice(1)
    .map(Number)
  expect([met, ...others]).toEqual([lines.length - partly - notYet, partly, notYet])
  expect(all).toBe(lines.length + (without ?? 0))
})
