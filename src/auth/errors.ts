import type { ErrorSpec } from '#platform/errors'
import type { SignInErrorCode } from './api.ts'

/** What sign-in, tokens and permissions answer when they say no. */
export const authErrors = {
  tokenMissing: {
    code: 'TOKEN_MISSING',
    kind: 'unauthenticated',
    ko: '로그인이 필요해요. 로그인한 뒤 다시 시도해 주세요.',
    en: 'You need to sign in. Sign in and try again.',
  },
  tokenInvalid: {
    code: 'TOKEN_INVALID',
    kind: 'unauthenticated',
    ko: '로그인 정보를 확인할 수 없어요. 다시 로그인해 주세요.',
    en: 'Your sign-in could not be verified. Please sign in again.',
  },
  tokenExpired: {
    code: 'TOKEN_EXPIRED',
    kind: 'unauthenticated',
    ko: '로그인 시간이 지났어요. 로그인을 갱신하거나 다시 로그인해 주세요.',
    en: 'Your sign-in has expired. Refresh it or sign in again.',
  },
  sessionEnded: {
    code: 'SESSION_ENDED',
    kind: 'unauthenticated',
    ko: '로그인이 끝났어요. 다시 로그인하면 이어서 쓸 수 있어요.',
    en: 'This sign-in has ended. Sign in again to go on.',
  },
  logoutTokenInvalid: {
    code: 'LOGOUT_TOKEN_INVALID',
    kind: 'invalid',
    ko: '로그아웃 토큰을 확인할 수 없어요. 로그인 서버의 설정을 확인해 주세요.',
    en: 'The logout token could not be verified. Check the settings of the sign-in server.',
  },
  accountDisabled: {
    code: 'ACCOUNT_DISABLED',
    kind: 'forbidden',
    ko: '이 계정은 사용이 중지됐어요. 관리자에게 문의해 주세요.',
    en: 'This account has been disabled. Please ask your administrator.',
  },
  forbidden: {
    code: 'FORBIDDEN',
    kind: 'forbidden',
    ko: '이 기능을 쓸 권한이 없어요. 필요하면 관리자에게 권한을 요청해 주세요.',
    en: 'You are not allowed to use this. If you need it, ask your administrator for access.',
  },
  unavailable: {
    code: 'AUTH_UNAVAILABLE',
    kind: 'unavailable',
    ko: '지금은 로그인을 확인할 수 없어요. 잠시 뒤 다시 시도해 주세요.',
    en: 'Sign-ins cannot be verified right now. Please try again in a moment.',
  },
  queryInvalid: {
    code: 'QUERY_INVALID',
    kind: 'invalid',
    ko: '조회할 수 없는 항목이 들어 있어요. 표시된 항목을 바꿔서 다시 물어봐 주세요.',
    en: 'The query names something that does not exist. Change the items listed and ask again.',
  },
} satisfies Record<string, ErrorSpec>

/** Why a sign-in did not succeed, as the web UI gets it in `/?signInError=CODE`. `SIGN_IN_FAILED` is any other reason. */
export const signInErrors = {
  failed: {
    code: 'SIGN_IN_FAILED',
    kind: 'unauthenticated',
    ko: '로그인하지 못했어요. 다시 시도하고, 계속되면 관리자에게 알려 주세요.',
    en: 'Sign-in did not succeed. Try again; if it keeps failing, tell your administrator.',
  },
  expired: {
    code: 'SIGN_IN_EXPIRED',
    kind: 'unauthenticated',
    ko: '로그인 화면이 너무 오래 열려 있었거나 이미 쓴 링크예요. 처음부터 다시 로그인해 주세요.',
    en: 'The sign-in page was open too long, or its link was already used. Please start again.',
  },
  denied: {
    code: 'SIGN_IN_DENIED',
    kind: 'unauthenticated',
    ko: '로그인을 취소했거나 회사 로그인 서버가 허용하지 않았어요.',
    en: 'Sign-in was cancelled, or the company sign-in refused it.',
  },
  unavailable: {
    code: 'SIGN_IN_UNAVAILABLE',
    kind: 'unavailable',
    ko: '회사 로그인 서버에 연결할 수 없어요. 잠시 뒤 다시 시도해 주세요.',
    en: 'The company sign-in cannot be reached. Please try again in a moment.',
  },
  noRole: {
    code: 'SIGN_IN_NO_ROLE',
    kind: 'forbidden',
    ko: '계정에 챗봇 권한이 아직 없어요. 관리자에게 권한을 요청해 주세요.',
    en: 'Your account has no role here yet. Ask your administrator for one.',
  },
  disabled: {
    code: 'SIGN_IN_DISABLED',
    kind: 'forbidden',
    ko: '이 계정은 사용이 중지됐어요. 관리자에게 문의해 주세요.',
    en: 'This account has been disabled. Please ask your administrator.',
  },
  tooWeak: {
    code: 'SIGN_IN_TOO_WEAK',
    kind: 'forbidden',
    ko: '추가 인증까지 마쳐야 쓸 수 있어요. 회사 로그인에서 2단계 인증을 켜고 다시 로그인해 주세요.',
    en: 'This needs a stronger sign-in. Turn on the second factor at the company sign-in and sign in again.',
  },
  tooOften: {
    code: 'SIGN_IN_TOO_OFTEN',
    kind: 'limited',
    ko: '이 네트워크에서 로그인을 너무 여러 번 시도했어요. 몇 분 뒤에 다시 시도해 주세요.',
    en: 'There were too many attempts to sign in from this network. Please try again in a few minutes.',
  },
} satisfies Record<string, ErrorSpec & { code: SignInErrorCode }>
