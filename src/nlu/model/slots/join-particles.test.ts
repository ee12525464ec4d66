import { expect, test } from 'vitest'
import type { Example } from '../example.ts'
import { joinParticles } from './join-particles.ts'

/** `[다섯 시|time] 에` → an example with that span. */
function read(marked: string): Example {
  const spans: [number, number, string][] = []
  let text = ''
  for (const [, span, slot, plain] of marked.matchAll(/\[([^|]+)\|(\w+)\]|([^[]+)/g)) {
    if (span && slot) spans.push([text.length, text.length + span.length, slot])
    text += span ?? plain
  }
  return { text, intent: 'any', spans }
}

test.each([
  ['[다섯 시|time] 에 깨워 줘', '[다섯 시|time]에 깨워 줘'],
  ['[서울|place] 에서 [부산|place] 까지 의 길', '[서울|place]에서 [부산|place]까지의 길'],
  ['새 노래 를 [내일|date] 로', '새 노래를 [내일|date]로'],
  ['[기온|weather] 이 어때 [이 노래|song] 는', '[기온|weather]이 어때 [이 노래|song]는'],
  ['[회의|event] 가 있어', '[회의|event]가 있어'],
  ['[오늘|date] 나 [비|weather] 와', '[오늘|date] 나 [비|weather] 와'],
  ['듣는 음악 이 뭐야', '듣는 음악 이 뭐야'],
  ['[어제|date] 이 노래', '[어제|date] 이 노래'],
  ['에서 왔어', '에서 왔어'],
  ['[방탄 의 노래|song]  를', '[방탄의 노래|song]를'],
])('%s → %s', (given, expected) => {
  const joined = joinParticles(read(given))
  expect(joined).toEqual(read(expected))
})

test('leaves an example with nothing to join as it is', () => {
  const example: Example = { text: '불 꺼 줘', intent: 'off' }
  expect(joinParticles(example)).toBe(example)
})
