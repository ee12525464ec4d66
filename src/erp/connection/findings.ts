import type { ErrorSpec } from '#platform/errors'

/**
 * What a test of the connection can find, each with what to do about it. `{name}` is filled in. Names of servers, sets and
 * fields only: nothing that an ERP answered is quoted.
 */
export const findings = {
  reached: {
    code: 'ERP_ADDRESS_OK',
    ko: '{host}에 연결했어요.',
    en: '{host} can be reached.',
  },
  unknownHost: {
    code: 'ERP_HOST_UNKNOWN',
    ko: '{host}라는 이름의 서버를 찾을 수 없어요. ERP_URLS의 주소와 사내 DNS를 확인해 주세요.',
    en: 'There is no server called {host}. Check the address in ERP_URLS and your DNS.',
  },
  closedPort: {
    code: 'ERP_PORT_CLOSED',
    ko: '{host}가 연결을 받지 않아요. ERP가 켜져 있는지, ERP_URLS의 포트가 맞는지 확인해 주세요.',
    en: '{host} takes no connection. Check that the ERP is running and that the port in ERP_URLS is right.',
  },
  unreachable: {
    code: 'ERP_UNREACHABLE',
    ko: '{host}에서 {seconds}초 안에 응답이 없어요. 방화벽과 네트워크 경로를 확인해 주세요.',
    en: '{host} does not respond within {seconds} s. Check firewalls and the route to it.',
  },
  plain: {
    code: 'ERP_TLS_NONE',
    ko: '이 컴퓨터 안의 주소라서 암호화 없이 연결해요.',
    en: 'The address is on this machine, so the connection is not encrypted.',
  },
  secured: {
    code: 'ERP_TLS_OK',
    ko: '인증서를 확인했어요. {until}까지 쓸 수 있어요.',
    en: 'The certificate is good, until {until}.',
  },
  certificateUntrusted: {
    code: 'ERP_CERTIFICATE_UNTRUSTED',
    ko: '인증서를 발급한 곳({issuer})을 믿을 수 없어요. 사내 인증 기관이면 그 인증서를 ERP_CA_FILE에 지정하고, 자체 서명이면 ERP의 인증서를 바꿔 주세요.',
    en: 'The certificate was issued by {issuer}, which is not trusted. For an authority of your own, name its certificate in ERP_CA_FILE; replace a self-signed one.',
  },
  certificateExpired: {
    code: 'ERP_CERTIFICATE_EXPIRED',
    ko: '인증서의 기한({from} ~ {until})이 지금과 맞지 않아요. ERP의 인증서를 갱신하고, 이 서버의 시계도 확인해 주세요.',
    en: 'The certificate is good from {from} to {until}, and not now. Renew it at the ERP, and check the clock of this server.',
  },
  certificateName: {
    code: 'ERP_CERTIFICATE_NAME',
    ko: '인증서가 {host}의 것이 아니에요({names}). ERP_URLS를 인증서의 이름으로 적거나 인증서를 다시 발급해 주세요.',
    en: 'The certificate is not for {host} but for {names}. Use that name in ERP_URLS, or have the certificate issued anew.',
  },
  tlsTooOld: {
    code: 'ERP_TLS_TOO_OLD',
    ko: 'ERP가 TLS 1.2 이하만 지원해서 연결하지 않았어요. ERP나 그 앞의 프록시에서 TLS 1.3을 켜 주세요. ({reason})',
    en: 'The ERP offers TLS 1.2 or older only, so it was not connected to. Turn on TLS 1.3 at the ERP or at a proxy before it. ({reason})',
  },
  tlsFailed: {
    code: 'ERP_TLS_FAILED',
    ko: '암호화 연결(TLS 1.3)을 맺지 못했어요. ERP가 TLS 1.3을 지원하는지, 포트가 https인지 확인해 주세요. ({reason})',
    en: 'No TLS 1.3 connection came about. Check that the ERP supports TLS 1.3 and that the port speaks https. ({reason})',
  },
  clockRight: {
    code: 'ERP_CLOCK_OK',
    ko: 'ERP의 시계가 맞아요.',
    en: 'The clock of the ERP is right.',
  },
  clockUnknown: {
    code: 'ERP_CLOCK_UNKNOWN',
    ko: 'ERP가 시각을 알려 주지 않아서 시계를 비교하지 못했어요.',
    en: 'The ERP does not tell its time, so the clocks were not compared.',
  },
  clockWrong: {
    code: 'ERP_CLOCK_SKEW',
    ko: 'ERP의 시계가 이 서버와 {seconds}초 달라요({direction}). 두 서버의 시각 동기화(NTP)를 확인해 주세요.',
    en: 'The clock of the ERP differs from this server by {seconds} s ({direction}). Check time synchronisation (NTP) on both.',
  },
  tokenGiven: {
    code: 'ERP_TOKEN_OK',
    ko: '인증 토큰을 받았어요.',
    en: 'The ERP gave a token.',
  },
  tokenRefused: {
    code: 'ERP_TOKEN_REFUSED',
    ko: 'ERP가 클라이언트 ID나 비밀번호를 받아 주지 않아요. ERP_CLIENT_ID와 ERP_CLIENT_SECRET(또는 ERP_REFRESH_TOKEN)을 확인해 주세요.',
    en: 'The ERP refuses the client ID or its secret. Check ERP_CLIENT_ID and ERP_CLIENT_SECRET, or ERP_REFRESH_TOKEN.',
  },
  tokenFailed: {
    code: 'ERP_TOKEN_FAILED',
    ko: '토큰을 받지 못했어요. ERP_TOKEN_PATH를 확인해 주세요. ({reason})',
    en: 'No token came. Check ERP_TOKEN_PATH. ({reason})',
  },
  accepted: {
    code: 'ERP_ACCESS_OK',
    ko: 'ERP가 접속을 받아 줬어요.',
    en: 'The ERP lets this service in.',
  },
  accessRefused: {
    code: 'ERP_ACCESS_REFUSED',
    ko: 'ERP가 API 키를 받아 주지 않아요. ERP_API_KEY(와 ERP_API_SECRET)가 맞는지, 기한이 지나지 않았는지 확인해 주세요.',
    en: 'The ERP refuses the API key. Check ERP_API_KEY, and ERP_API_SECRET if it takes one, and that they have not expired.',
  },
  accessFailed: {
    code: 'ERP_ACCESS_FAILED',
    ko: 'ERP가 알아볼 수 없는 답을 했어요. ERP_URLS가 ERP의 API 주소인지 확인해 주세요. ({reason})',
    en: 'The ERP gave no sensible reply. Check that ERP_URLS is the address of its API. ({reason})',
  },
  entityRead: {
    code: 'ERP_ENTITY_OK',
    ko: '‘{set}’를 읽었어요.',
    en: '“{set}” can be read.',
  },
  setMissing: {
    code: 'ERP_SET_MISSING',
    ko: 'ERP에 ‘{set}’가 없거나 키({key})가 달라요. 매핑의 set과 key를 ERP에 맞게 고쳐 주세요.',
    en: 'The ERP has no “{set}”, or another key than {key}. Correct set and key in the mapping.',
  },
  fieldsMissing: {
    code: 'ERP_FIELD_MISSING',
    ko: '‘{set}’에서 읽을 수 없는 항목이 있어요: {fields}. 이름이 바뀌었으면 매핑을 고치고, 권한이 없으면 ERP에서 읽기 권한을 주세요.',
    en: '“{set}” has fields that cannot be read: {fields}. Correct the mapping if they were renamed; give the right to read them if not.',
  },
  entityRefused: {
    code: 'ERP_ENTITY_REFUSED',
    ko: '‘{set}’를 읽을 권한이 없어요. ERP에서 이 서비스의 사용자에게 읽기 권한을 주세요.',
    en: 'This service may not read “{set}”. Give its user the right to in the ERP.',
  },
  entityFailed: {
    code: 'ERP_ENTITY_FAILED',
    ko: '‘{set}’를 읽지 못했어요. 잠시 뒤에 다시 시험해 보고, 계속되면 ERP의 로그를 확인해 주세요. ({reason})',
    en: '“{set}” could not be read. Test again in a moment, and look at the ERP’s log if it goes on. ({reason})',
  },
} as const satisfies Record<string, Omit<ErrorSpec, 'kind'>>

export type Finding = keyof typeof findings
