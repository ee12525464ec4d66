import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../src/auth/api.ts'
import type { WebPushBody } from '../../../src/notify/push/api.ts'
import type { ApiClient } from '../api/client.ts'
import { Section } from '../parts/section.tsx'
import { useLoaded } from '../parts/use-loaded.ts'
import { readKeptDevice } from '../push/kept-device.ts'
import { canReceivePush, forgetBrowser, readWebApp, registerBrowser } from '../push/register-browser.ts'
import classes from './subscriptions-page.module.css'

type Props = { me: Me; api: ApiClient }

/** Push messages in this browser, on or off; nothing at all where the operator has not set them up. */
export function BrowserPush({ me, api }: Props) {
  const { loaded } = useLoaded(() => readWebApp(api), 'web-app')
  if (loaded.state !== 'ready' || !loaded.value) return null
  return <Switch me={me} api={api} app={loaded.value} />
}

function Switch({ me, api, app }: Props & { app: NonNullable<WebPushBody['app']> }) {
  const { t } = useTranslation('subscriptions')
  const [isOn, setOn] = useState(() => readKeptDevice()?.userId === me.userId)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<'pushDenied' | 'pushFailed' | null>(null)
  async function turn(): Promise<void> {
    setBusy(true)
    setProblem(null)
    try {
      if (isOn) await forgetBrowser(api, me.userId)
      // Asked at the press of the button only: a page that asks by itself is refused for good.
      else if ((await Notification.requestPermission()) !== 'granted') return setProblem('pushDenied')
      else await registerBrowser(api, { app, userId: me.userId })
      setOn(!isOn)
    } catch {
      setProblem('pushFailed')
    } finally {
      setBusy(false)
    }
  }
  if (!canReceivePush())
    return (
      <Section title={t('pushTitle')} lead={t('pushUnable')}>
        {null}
      </Section>
    )
  return (
    <Section
      title={t('pushTitle')}
      lead={t(isOn ? 'pushOn' : 'pushOff')}
      actions={
        <button type="button" className="plain-button" disabled={isBusy} onClick={() => void turn()}>
          {t(isOn ? 'pushEnd' : 'pushBegin')}
        </button>
      }
    >
      {problem && (
        <p className={classes.detail} role="alert">
          {t(problem)}
        </p>
      )}
    </Section>
  )
}
