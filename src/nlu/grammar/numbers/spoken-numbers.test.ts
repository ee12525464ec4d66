import { expect, test } from 'vitest'
import { readNumbers } from '../numbers.ts'

const values = (text: string) => readNumbers(text).map(({ value }) => value)

test.each([
  ['-100원 이하', -100],
  ['마이너스 5만', -50_000],
  ['음수 일천구백', -1900],
  ['minus 5 percent', -5],
  ['재고 -3.5톤', -3.5],
  ['a-100 -200', -200],
])('%s: a sign belongs to the number', (text, value) => expect(values(text)).toEqual([value]))

test.each([
  ['10 -20', [10, 20]],
  ['a-100', []],
  ['10-20', [10]],
  ['이 답은 음수이다', []],
])('%s: a dash is no sign', (text, expected) => expect(values(text)).toEqual(expected))

test.each([
  ['삼분의 일', 1 / 3],
  ['3분의 2', 2 / 3],
  ['백과 사분의 삼', 100.75],
  ['오분의 일만 주세요', 0.2],
  ['팔분의 일조각', 0.125],
  ['오분의 백만이천이백삼', 200_440.6],
  ['이십분의 마이너스 일', -0.05],
  ['셋 중 하나', 1 / 3],
  ['반 이상', 0.5],
  ['절반을 넘는', 0.5],
  ['1/3 이상', 1 / 3],
  ['예산의 3/4을 쓴', 0.75],
  ['-4/5', -0.8],
  ['half of the budget', 0.5],
])('%s is a share of the whole', (text, value) => {
  expect(readNumbers(text)).toEqual([expect.objectContaining({ value, isShare: true })])
})

test.each(['반품', '상반기', '반도체', '10개 중 3개', '3분기', '30분'])('%s is no share', (text) => {
  expect(readNumbers(text).filter(({ isShare }) => isShare)).toEqual([])
})

test.each([
  ['열두 개', 12, '개'],
  ['스무 명', 20, '명'],
  ['서른다섯 건', 35, '건'],
  ['쉰일곱 개', 57, '개'],
  ['아흔아홉 대', 99, '대'],
  ['네 곳', 4, '곳'],
])('%s is counted', (text, value, unit) => {
  expect(readNumbers(text)).toEqual([expect.objectContaining({ value, unit })])
})

test.each(['한두 개', '두세 건', '서너 명', '몇 개'])('%s is not exact', (text) => expect(values(text)).toEqual([]))

test.each([
  ['3천5백만', 35_000_000],
  ['만 이천', 12_000],
  ['일억이천만', 120_000_000],
  ['3.5억', 350_000_000],
  ['2만5천', 25_000],
  ['4천3백21', 4321],
  ['삼백 삼십 일', 331],
  ['이십일조 삼백', 21_000_000_000_300],
  ['이백점 영삼', 200.03],
  ['마이너스 오점 오', -5.5],
  ['.25', 0.25],
  ['12.32e+14', 1.232e15],
  ['이백이 넘는', 200],
  ['오십이 안 되는', 50],
  ['오십이 개', 52],
  ['구백일 이상', 900],
  ['십이 이상', 12],
])('%s is one number', (text, value) => expect(values(text)).toEqual([value]))

test.each([
  ['two point five million', 2_500_000],
  ['twenty-five orders', 25],
  ['a hundred and fifty', 150],
  ['two thousand five hundred', 2500],
  ['nineteen', 19],
])('%s in English', (text, value) => expect(values(text)).toEqual([value]))

test.each([
  ['30프로', 30],
  ['삼 퍼센트', 3],
  ['백 퍼센트', 100],
  ['12.5 pct', 12.5],
  ['100 퍼센티지', 100],
])('%s has a unit of percent', (text, value) => {
  expect(readNumbers(text)).toEqual([expect.objectContaining({ value, unit: expect.stringMatching(/^[^\d\s]+$/) })])
})

test.each([
  '010-1234-5678',
  '192.168.1.2',
  '1.1^23',
  'https://erp.example.com/?q=30%25%2020',
  '이 프로젝트',
  '이 건',
  '이 거래처',
  '조각',
  '만큼',
  '구조조정',
])('%s has no quantity', (text) => expect(values(text)).toEqual([]))

test.each([
  ['이천 창고', 2000],
  ['하나만', 1],
  ['스물여섯', 26],
  ['십육', 16],
])('%s may be an ordinary word', (text, value) => {
  expect(readNumbers(text)).toEqual([expect.objectContaining({ value, isLoose: true })])
})
