import { type Dashboard, rateOf } from './panel.ts'

const refusals =
  'TOKEN_INVALID|TOKEN_EXPIRED|TOKEN_MISSING|SESSION_ENDED|FORBIDDEN|API_KEY_.*|ADDRESS_NOT_ALLOWED|CROSS_SITE_REQUEST'

export const security: Dashboard = {
  uid: 'chatbot-security',
  title: 'ERP chatbot · Security',
  description: 'Sign-in, refusals, the audit trail, keys and certificates',
  rows: [
    {
      title: 'Who comes in',
      panels: [
        {
          title: 'Sign-ins and renewals',
          unit: 'ops',
          queries: [[rateOf('auth_sign_ins_total', 'step, outcome'), '{{step}} {{outcome}}']],
        },
        {
          title: 'Refused calls by reason',
          unit: 'ops',
          queries: [[rateOf('http_errors_total', 'code', `code=~"${refusals}"`), '{{code}}']],
        },
        {
          title: 'Past a limit',
          unit: 'ops',
          queries: [
            [
              rateOf('http_errors_total', 'code', 'code=~"RATE_LIMITED|TOO_MANY_CONNECTIONS|BODY_TOO_LARGE"'),
              '{{code}}',
            ],
          ],
        },
      ],
    },
    {
      title: 'Audit trail',
      panels: [
        { title: 'Entries', unit: 'ops', queries: [[rateOf('audit_entries_total', 'outcome'), '{{outcome}}']] },
        {
          title: 'Intact at the last verification',
          description: '1 as it was written, 0 not',
          unit: 'none',
          kind: 'stat',
          queries: [['min(audit_trail_intact >= 0)', 'intact']],
        },
        {
          title: 'Last entry that was verified',
          unit: 'none',
          kind: 'stat',
          queries: [['max(audit_trail_verified_entry)', 'entry']],
        },
      ],
    },
    {
      title: 'Keys and certificates',
      panels: [
        {
          title: 'Age of the signing key',
          unit: 'dtdurations',
          kind: 'stat',
          queries: [['max(auth_signing_key_age_seconds)', 'age']],
        },
        {
          title: 'Certificates, time left',
          unit: 'dtdurations',
          queries: [['min by (certificate) (tls_certificate_expires_timestamp_seconds) - time()', '{{certificate}}']],
          needs: 'TLS',
        },
      ],
    },
  ],
}
