/** Ways to say a thing: every beginning with every middle and end. */
const combine = (parts: string[][]): string[] =>
  parts.reduce<string[]>(
    (said, part) => (said.length === 0 ? part : said.flatMap((a) => part.map((b) => `${a}${b}`))),
    [],
  )

/** 200 phrasings of what customers owe that the built-in model misreads. */
export const phrasings = combine([
  ['', '이번 달 ', '지난달 ', '올해 ', '작년 '],
  ['물려 있는 돈', '물린 돈', '깔려 있는 돈', '떼일 뻔한 돈', '물려있는 금액'],
  [' 얼마야', ' 얼마나 돼', ' 좀 보여줘', ' 알려줄래', ' 총 얼마니', ' 얼마지', ' 얼마 있어', ' 뽑아줘'],
])
