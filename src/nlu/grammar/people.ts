import { createFinder, type Finder } from '../text/finder.ts'

/** The person who asks, and their department. `isWeak`: 나, 저 and I, which often are only politeness. */
export type PersonReading = { start: number; end: number; cue: 'me' | 'myDepartment'; isWeak: boolean }

/** 나한테 알림 보내줘: whom to tell, not whose records. */
const sends =
  '(?:만|도)?\\s*(?:좀\\s*)?(?:바로\\s*)?(?:알려|알림|알람|통보|통지|메일|이메일|톡|푸시|노티|보내|쏴|연락|전송|발송)'

const patterns: [RegExp, PersonReading['cue'], boolean][] = [
  [
    /(?<![가-힣])(?:우리|저희|제|내|본인)\s*(?:부서|팀|파트|소속\s*부서)(?!장|원\s*[가-힣]*\s*(?:이름))/g,
    'myDepartment',
    false,
  ],
  [/\b(?:our|my)\s+(?:own\s+)?(?:department|team|dept|group)(?:'s)?\b/g, 'myDepartment', false],
  [
    new RegExp(
      `(?<![가-힣])(?:내|제|나의|저의|본인|나랑|저랑|나와|저와|나하고|저하고)(?=\\s|$)|(?<![가-힣])(?:내가|제가|(?:나|저)(?=(?:한테|에게)(?!${sends}))|(?:내게|제게)(?!${sends})|내꺼|제꺼|내거|제거|내것|제것|내 거|제 거|본인)`,
      'g',
    ),
    'me',
    false,
  ],
  [
    /(?<![가-힣])(?:내|제)(?=(?:연차|휴가|경비|결재|수주|매출|발주|이메일|전화|사번|실적|미수금|비용|입사|직급|부서\s*말고))/g,
    'me',
    false,
  ],
  // 전 사원 is everyone, not 저는.
  [
    /(?<![가-힣])(?:나|저|난|전(?!\s*(?:사원|직원|임직원|부서|품목|제품|거래처|고객|지역|창고|라인|업체|회사|팀))|나는|저는|나도|저도)(?=\s|$)/g,
    'me',
    true,
  ],
  [
    /\b(?:my|mine|myself)\b|\bi(?=\s+(?:(?:need|have|am supposed|ought)\s+to|must|should|gotta)\s+(?:approve|sign|review|handle))/g,
    'me',
    false,
  ],
  [
    /(?<!\b(?:can|could|may|should|do you think)\s)\bi(?:'ve|'d)?\b(?!\s*(?:want|need|would|wanna|like|see|get\b|wonder|am looking|just want))/g,
    'me',
    true,
  ],
]

const rules = patterns.map(([pattern, cue, isWeak]): [Finder, PersonReading['cue'], boolean] => [
  createFinder(pattern),
  cue,
  isWeak,
])

/** Mentions of oneself in a lower-case text; the more telling of overlapping ones. */
export function readPersons(text: string): PersonReading[] {
  const found: PersonReading[] = []
  for (const [finder, cue, isWeak] of rules) {
    for (const match of finder.all(text)) {
      const one = { start: match.index, end: match.index + match[0].length, cue, isWeak }
      if (!found.some((other) => one.start < other.end && other.start < one.end)) found.push(one)
    }
  }
  return found
}
