import type { Cue, Meaning } from '../pieces.ts'

/** Words that say what to do with the data, in both languages. Spaces never matter in Korean; stems stand for all their endings. */
export const cueWords: Record<Cue, string> = {
  list: '목록 리스트 리스트업 목록화 내역 명세 명단 상세내역 뭐있 뭐가있 뭐뭐있 머있 모있 뭐잇 머잇 무엇이있 뭐들었 어떤게있 어떤거있 어떤것이있 어떤것들이있 어디어디 어디있 누구누구 뭐뭐야 뭐뭐 건들 뭐남았 하나하나 list listing records details which_ones',
  overview: '현황 상황 overview summary',
  howMuch: '실적 얼마어치 얼마치 얼마 얼만 총액 금액이얼마 how_much',
  total:
    '합 합계 합산 총합 총합계 총계 전체합 합친 합쳐 합치 다해서 모두합 다합 통틀어 도합 토탈 total sum altogether in_total combined overall',
  count:
    '건수 몇건 몇곳 몇군데 몇명 몇사람 몇분 몇업체 몇종 몇종류 몇가지 몇개사 how_many_people number_of count count_of',
  howMany: '몇개 몇대 몇일 며칠 몇장 몇박스 몇ea 몇퍼센트 몇프로 몇퍼 몇원 개수 갯수 how_many how_many_days',
  average: '평균 average avg mean',
  maximum: '최대 maximum max',
  minimum: '최소 minimum min',
  share: '비중 점유율 구성비 점유비 share percentage proportion breakdown_in_percent',
  trend: '추이 추세 흐름 트렌드 변동추이 변화추이 변화 trend trends over_time',
  exclude:
    "빼고 빼줘 빼서 뺀 제외 except excluding exclude without other_than not_including apart_from not isn't aren't wasn't weren't haven't hasn't don't doesn't didn't non never outside besides but_not leaving_out",
  instead: '말고 대신 아니라 아니고 instead rather',
  only: '한해서 한정 only just',
  compare: '비교 대비 차이 견줘 견주 compare compared comparison versus vs',
  which: '어느 어떤 which',
  who: '누구 누가 누군 who whose',
  followUp:
    '그럼 그러면 그렇다면 그중 그중에 그중에서 거기서 거기에서 거기 이거 그거 이것 그것 이걸 그걸 아까 방금 위에거 여기서 이번엔 이건 그건 and_what_about what_about how_about and then same those these them that this it ones',
  notify: '연락 알려 알림 알람 경고 통보 통지 노티 톡 푸시 얼럿 알리 notify alert warn tell let_me_know ping',
  send: '자동발송 보내 메일로 이메일로 발송 전송 쏴 받아보 받고싶 받을래 받게 메일줘 메일부탁 send email_me mail_me email_it deliver send_me',
  sequence: '순 순으로 순서 순서대로 순위 순대로 정렬 랭킹 ranking ranked sorted sort order_by ordered',
  past: '지난 지났 지나 넘긴 경과 past passed',
  open: '아직',
  me: '',
  weakMe: '',
  myDepartment: '',
  all: '전체 전부 모두 everyone everything entire whole',
  both: '둘다 둘모두 두개다 both',
  each: '각각 each every',
  by: 'by per for_each broken_down_by split_by grouped_by across',
  file: '파일 다운로드 다운 다운받 내려받 내보내 저장 export download file',
  shortage:
    '부족 모자라 모자란 모자르 얼마안남은 얼마안남았 거의없는 간당간당 빵꾸 빵꾸난 펑크난 펑크 미달 밑도 못미치 shortage running_low running_out low_stock low_in_stock low_inventory low_on short_of insufficient',
  condition:
    '생기는순간 되는순간 떨어지는순간 나오는순간 생기는대로 생기면 발생하면 나오면 있으면 들어오면 올라오면 뜨면 나면 없어지면 떨어지면 if_there_is if_there_are when_there_is when_there_are whenever_there_is as_soon_as_there_is',
}

/** `adjective` pieces: which way is more. */
export const adjectives: [string, Extract<Meaning, { kind: 'adjective' }>][] = [
  [
    '많 큰 크 컸 높 긴 길 최고치 잘 좋 우수 highest most biggest largest greatest longest best high big large long',
    { kind: 'adjective', direction: 'desc' },
  ],
  [
    '적은 적게 적었 적 작은 작 낮 짧 안좋 나쁜 저조 lowest least smallest fewest shortest worst low small short',
    { kind: 'adjective', direction: 'asc' },
  ],
  ['비싼 비싸 expensive priciest', { kind: 'adjective', direction: 'desc', of: 'price' }],
  ['싼 싸 저렴 cheapest cheap', { kind: 'adjective', direction: 'asc', of: 'price' }],
  [
    '최근 최신 신입 늦은 늦게 마지막 latest newest recent most_recent',
    { kind: 'adjective', direction: 'desc', of: 'time' },
  ],
  ['오래된 오래 빠른 빨리 임박 이른 먼저 earliest oldest soonest', { kind: 'adjective', direction: 'asc', of: 'time' }],
]

/** `most` pieces: a superlative, alone or with its direction inside. */
export const superlatives: [string, Extract<Meaning, { kind: 'most' }>][] = [
  ['제일 가장 젤 최고로 the_most', { kind: 'most' }],
  [
    '최고 최다 1위 1등 일등 일위 highest biggest largest greatest longest best most',
    { kind: 'most', direction: 'desc' },
  ],
  ['most_expensive priciest costliest dearest', { kind: 'most', direction: 'desc', of: 'price' }],
  ['least_expensive cheapest', { kind: 'most', direction: 'asc', of: 'price' }],
  [
    '제일안 가장안 젤안 제일못 가장못 젤못 최저 최하 꼴찌 꼴등 lowest least smallest fewest shortest worst',
    { kind: 'most', direction: 'asc' },
  ],
]

/** `sequence` pieces: a whole list put in order. */
export const sequences: [string, Extract<Meaning, { kind: 'sequence' }>][] = [
  [
    '많은순 많은순서 큰순 큰순서 높은순 높은순서 긴순 내림차순 많은것부터 큰것부터 높은것부터 많은거부터 큰거부터 descending highest_first largest_first biggest_first high_to_low',
    { kind: 'sequence', direction: 'desc' },
  ],
  [
    '적은순 적은순서 작은순 작은순서 낮은순 낮은순서 짧은순 오름차순 적은것부터 작은것부터 낮은것부터 적은거부터 작은거부터 ascending lowest_first smallest_first low_to_high',
    { kind: 'sequence', direction: 'asc' },
  ],
  ['비싼순 비싼순서 가격높은순 most_expensive_first', { kind: 'sequence', direction: 'desc', of: 'price' }],
  ['싼순 싼순서 저렴한순 가격낮은순 cheapest_first', { kind: 'sequence', direction: 'asc', of: 'price' }],
  [
    '최신순 최근순 늦은순 최신순서 최근것부터 최근거부터 newest_first latest_first',
    { kind: 'sequence', direction: 'desc', of: 'time' },
  ],
  [
    '오래된순 빠른순 이른순 임박순 임박한순 날짜순 오래된것부터 급한순 oldest_first earliest_first',
    { kind: 'sequence', direction: 'asc', of: 'time' },
  ],
]

export const grainWords: [string, Extract<Meaning, { kind: 'grain' }>['grain']][] = [
  ['일별 일자별 날짜별 일일 하루하루 하루별 일단위 daily by_day per_day day_by_day by_date each_day', 'day'],
  ['주별 주간별 주차별 매주 주단위 weekly by_week per_week week_by_week each_week', 'week'],
  [
    '월별 달별 매월 매달 다달이 월단위 달마다 월마다 월간 monthly by_month per_month month_by_month each_month',
    'month',
  ],
  ['분기별 분기마다 매분기 분기단위 quarterly by_quarter per_quarter each_quarter', 'quarter'],
  ['연도별 년도별 연별 해마다 매년 년별 연간별 yearly annually by_year per_year each_year year_by_year', 'year'],
]

export const viewWords: [string, Extract<Meaning, { kind: 'view' }>['view']][] = [
  ['막대 막대그래프 막대그래프로 막대차트로 막대차트 바차트 바그래프 bar bar_chart bar_graph bars column_chart', 'bar'],
  [
    '꺾은선 꺽은선 꺾은선그래프 꺽은선그래프 선그래프 선그래프로 선차트로 라인그래프로 꺾은선그래프로 선차트 라인차트 라인그래프 추세선 line_chart line_graph',
    'line',
  ],
  [
    '원형 원그래프로 파이차트로 원형그래프로 파이 파이차트 파이그래프 원그래프 원형차트 원형그래프 도넛 도넛차트 pie pie_chart donut',
    'pie',
  ],
  ['표로 표형식 표형태 테이블로 테이블 도표 as_a_table in_a_table table', 'table'],
  ['숫자로 숫자만 숫자로만 값만 just_the_number as_a_number', 'number'],
  ['차트 그래프 시각화 그래프로 차트로 chart graph plot visualize', 'chart'],
]

export const formatWords: [string, Extract<Meaning, { kind: 'format' }>['format']][] = [
  ['엑셀 엑셀파일 엑쎌 excel xlsx xls spreadsheet 스프레드시트', 'xlsx'],
  ['csv 씨에스브이 csv파일 csv_file 시에스브이', 'csv'],
]

export const comparisonWords: [string, Extract<Meaning, { kind: 'comparison' }>][] = [
  [
    '전년동기 전년동기대비 작년동기 작년동기대비 작년같은기간 작년같은기간대비 작년이맘때 지난해같은기간 전년같은기간 전년도같은기간 작년동기간 전년동기간 same_period_last_year same_period_a_year_ago yoy year_over_year year_on_year',
    { kind: 'comparison', to: 'previousYear' },
  ],
  [
    '전년동월 전년동월대비 작년동월 작년같은달 지난해같은달 same_month_last_year',
    { kind: 'comparison', to: 'previousYear', unit: 'month' },
  ],
  ['전년동분기 작년같은분기 same_quarter_last_year', { kind: 'comparison', to: 'previousYear', unit: 'quarter' }],
  [
    'mom month_over_month month_on_month the_month_before previous_month_comparison',
    { kind: 'comparison', to: 'previousPeriod', unit: 'month' },
  ],
  ['wow week_over_week week_on_week the_week_before', { kind: 'comparison', to: 'previousPeriod', unit: 'week' }],
  ['qoq quarter_over_quarter the_quarter_before', { kind: 'comparison', to: 'previousPeriod', unit: 'quarter' }],
  [
    '전기대비 직전기간 직전기간대비 이전기간 이전기간대비 previous_period period_before the_period_before',
    { kind: 'comparison', to: 'previousPeriod' },
  ],
  ['the_year_before the_previous_year', { kind: 'comparison', to: 'previousYear' }],
]

export const ordinalWords: [string, number][] = [
  ['첫번째 첫째 1번 첫번째거 첫번째꺼 일번 first first_one the_first_one 앞에거 앞엣것', 0],
  ['두번째 둘째 2번 이번째 두번째거 second second_one the_second_one 뒤에거 뒤엣것', 1],
  ['세번째 셋째 3번 third third_one', 2],
  ['네번째 4번 fourth', 3],
]

/** Words of time and asking that are common enough to be made out when misspelt. */
export const commonWords =
  '이번달 지난달 다음달 저번달 이번주 지난주 다음주 저번주 이번분기 지난분기 상반기 하반기 올해 작년 어제 오늘 내일 최근 얼마 목록 리스트 내역 현황 추이 합계 비교 상위 하위 알려줘 차트 그래프 엑셀 this_month last_month next_month this_week last_week this_year last_year yesterday today how_much how_many total'
    .split(' ')
    .map((word) => word.replaceAll('_', ''))
