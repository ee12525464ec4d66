import { z } from 'zod'
import { webUrl } from './config-values.ts'

/** What Firebase's console shows of a web app, which every browser is told. */
const publicValue = z
  .string()
  .regex(/^[\w:-]{1,200}$/, 'must be copied from the project settings of Firebase')
  .optional()

/** How mail and push messages go out. */
export const notifyVariables = {
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  SMTP_CA_FILE: z.string().optional(),
  MAIL_FROM: z
    .string()
    .regex(
      /^([^<>\p{Cc}]*<[^<>\s@]+@[\w.-]+>|[^<>\s@]+@[\w.-]+)$/u,
      'must be an address, or a name and an address in <>',
    )
    .optional(),
  SES_CONFIGURATION_SET: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be the name of a configuration set')
    .optional(),
  SES_TOPIC_ARN: z
    .string()
    .regex(/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/, 'must be the ARN of a topic')
    .optional(),
  MAIL_TEMPLATES_DIR: z.string().default('notify-templates'),
  FCM_CREDENTIALS_FILE: z.string().optional(),
  FCM_ENDPOINT: webUrl.optional(),
  FCM_CA_FILE: z.string().optional(),
  FCM_WEB_API_KEY: publicValue,
  FCM_WEB_APP_ID: publicValue,
  FCM_WEB_SENDER_ID: publicValue,
  FCM_WEB_VAPID_KEY: publicValue,
}

/** How mail goes out: at all with `smtpUrl`, and with what Amazon SES reports of it with `topicArn`. */
type MailConfig = {
  smtpUrl: string | undefined
  caFile: string | undefined
  from: string
  configurationSet: string | undefined
  topicArn: string | undefined
  templatesDir: string
}

export type NotifyConfig = {
  mail: MailConfig
  /** Firebase when there are credentials; else what would be pushed is recorded. */
  push: {
    credentialsFile: string | undefined
    endpoint: string | undefined
    caFile: string | undefined
    /** Undefined: browsers are not asked whether they want push messages. */
    web: WebPushConfig | undefined
  }
}

/** A web app of Firebase's, but for its project. All of it is public. */
type WebPushConfig = { apiKey: string; appId: string; senderId: string; vapidKey: string }

const schema = z.object(notifyVariables)
type Variables = z.infer<typeof schema>

/** Half a web app is none, and without credentials nothing would be sent to it. */
export function findNotifyProblems(env: Variables): string[] {
  const web = ['FCM_WEB_API_KEY', 'FCM_WEB_APP_ID', 'FCM_WEB_SENDER_ID', 'FCM_WEB_VAPID_KEY'] as const
  const given = web.find((name) => env[name] !== undefined)
  const needed = given === undefined ? [] : ([...web, 'FCM_CREDENTIALS_FILE'] as const)
  return [
    ...(env.SMTP_URL !== undefined && env.MAIL_FROM === undefined ? ['MAIL_FROM: needed with SMTP_URL'] : []),
    ...needed.filter((name) => env[name] === undefined).map((name) => `${name}: needed with ${given}`),
  ]
}

function toWebPush(env: Variables): WebPushConfig | undefined {
  const { FCM_WEB_API_KEY: apiKey, FCM_WEB_APP_ID: appId, FCM_WEB_SENDER_ID: senderId } = env
  const vapidKey = env.FCM_WEB_VAPID_KEY
  return apiKey && appId && senderId && vapidKey ? { apiKey, appId, senderId, vapidKey } : undefined
}

export function toNotifyConfig(env: Variables): NotifyConfig {
  return {
    mail: {
      smtpUrl: env.SMTP_URL,
      caFile: env.SMTP_CA_FILE,
      from: env.MAIL_FROM ?? '',
      configurationSet: env.SES_CONFIGURATION_SET,
      topicArn: env.SES_TOPIC_ARN,
      templatesDir: env.MAIL_TEMPLATES_DIR,
    },
    push: {
      ...{ credentialsFile: env.FCM_CREDENTIALS_FILE, endpoint: env.FCM_ENDPOINT, caFile: env.FCM_CA_FILE },
      web: toWebPush(env),
    },
  }
}
