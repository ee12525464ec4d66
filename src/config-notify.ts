import { z } from 'zod'
import { webUrl } from './config-values.ts'

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
  push: { credentialsFile: string | undefined; endpoint: string | undefined; caFile: string | undefined }
}

const schema = z.object(notifyVariables)

export function toNotifyConfig(env: z.infer<typeof schema>): NotifyConfig {
  return {
    mail: {
      smtpUrl: env.SMTP_URL,
      caFile: env.SMTP_CA_FILE,
      from: env.MAIL_FROM ?? '',
      configurationSet: env.SES_CONFIGURATION_SET,
      topicArn: env.SES_TOPIC_ARN,
      templatesDir: env.MAIL_TEMPLATES_DIR,
    },
    push: { credentialsFile: env.FCM_CREDENTIALS_FILE, endpoint: env.FCM_ENDPOINT, caFile: env.FCM_CA_FILE },
  }
}
