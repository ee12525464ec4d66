import type { ErrorSpec } from '#platform/errors'

/** What someone meets who calls from the wrong network, or is about to shut themselves out. */
export const networkErrors = {
  notAllowed: {
    code: 'NETWORK_NOT_ALLOWED',
    kind: 'forbidden',
    ko: '지금 접속한 네트워크({address})에서는 쓸 수 없어요. 제한된 항목: {rule}. 사내망에서 접속하거나 관리자에게 문의해 주세요.',
    en: 'This cannot be used from your network ({address}). Restricted: {rule}. Use the company network, or ask your administrator.',
  },
  locksYouOut: {
    code: 'NETWORK_LOCKS_YOU_OUT',
    kind: 'conflict',
    ko: '이렇게 바꾸면 지금 접속한 주소({address})에서 되돌릴 수 없어요. 주소를 넣거나, 그래도 바꾸려면 확인을 표시해 주세요.',
    en: 'With this you could not undo it from your address ({address}). Add the address, or confirm that you want it anyway.',
  },
} satisfies Record<string, ErrorSpec>
