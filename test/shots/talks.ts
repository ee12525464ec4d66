import type { Language } from './looks.ts'

export type Talk = { name: string; as: 'sanghyun' | 'somi'; questions: Record<Language, string[]>; expects: string }

/** What is asked of the running product, to have every kind of answer on a picture. `expects` is the last answer's kind. */
export const talks: Talk[] = [
  {
    name: 'number',
    as: 'sanghyun',
    expects: 'answered',
    questions: { ko: ['이번 달 매출 전월 대비'], en: ['Sales this month compared with last month'] },
  },
  {
    name: 'ranking',
    as: 'sanghyun',
    expects: 'answered',
    questions: { ko: ['이번 달 거래처별 매출 상위 5개'], en: ['Top 5 customers by sales this month'] },
  },
  {
    name: 'compared',
    as: 'sanghyun',
    expects: 'answered',
    questions: {
      ko: ['지난달 카테고리별 매출 전년 동기 대비'],
      en: ['Sales by category last month compared with the same period last year'],
    },
  },
  {
    name: 'trend',
    as: 'sanghyun',
    expects: 'answered',
    questions: { ko: ['올해 월별 매출 추이'], en: ['Monthly sales trend this year'] },
  },
  {
    name: 'shares',
    as: 'sanghyun',
    expects: 'answered',
    questions: { ko: ['지난달 카테고리별 매출 비중'], en: ['Share of sales by category last month'] },
  },
  {
    name: 'records',
    as: 'sanghyun',
    expects: 'answered',
    questions: { ko: ['이번 달 발주 내역'], en: ['List purchase orders this month'] },
  },
  {
    name: 'many-bars',
    as: 'sanghyun',
    expects: 'answered',
    questions: { ko: ['올해 거래처별 매출'], en: ['Sales by customer this year'] },
  },
  {
    name: 'clarify',
    as: 'sanghyun',
    expects: 'clarify',
    questions: { ko: ['이번 달 한빛 매출'], en: ['Sales to Hanbit this month'] },
  },
  {
    name: 'empty',
    as: 'sanghyun',
    expects: 'empty',
    questions: {
      ko: ['오늘 한빛전자 매출 내역 중 100억 넘는 거'],
      en: ['List purchase orders today over 10 billion won'],
    },
  },
  {
    name: 'out-of-scope',
    as: 'sanghyun',
    expects: 'out-of-scope',
    questions: { ko: ['내일 비 와?'], en: ['Will it rain tomorrow?'] },
  },
  {
    name: 'subscribe',
    as: 'sanghyun',
    expects: 'arranged',
    questions: {
      ko: ['매주 월요일 9시에 지난주 매출 메일로 보내줘'],
      en: ['Email me last week’s sales every Monday at 9'],
    },
  },
  {
    name: 'export',
    as: 'sanghyun',
    expects: 'answered',
    questions: {
      ko: ['이번 달 매출 상위 5개 거래처', '엑셀로 내려줘'],
      en: ['Top 5 customers by sales this month', 'export to Excel'],
    },
  },
  {
    name: 'follow-up',
    as: 'sanghyun',
    expects: 'answered',
    questions: {
      ko: ['이번 달 매출 얼마야?', '거래처별로 나눠줘', '상위 3개만'],
      en: ['Sales this month', 'by customer', 'only the top 3'],
    },
  },
  {
    name: 'not-allowed',
    as: 'somi',
    expects: 'not-allowed',
    questions: { ko: ['이번 달 매출 얼마야?'], en: ['Sales this month'] },
  },
]
