import { Button } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OwnSessionBody, OwnSessions } from '../../../src/auth/api.ts'
import type { ApiClient } from '../api/client.ts'
import { Dialog } from '../parts/dialog.tsx'
import { formatInstant } from '../parts/when.ts'
import classes from './sessions-dialog.module.css'

const path = '/api/v1/me/sessions'

type Props = { api: ApiClient; onClose: () => void }

/** Where I am signed in, and signing out there. */
export function SessionsDialog({ api, onClose }: Props) {
  const { t } = useTranslation()
  const { sessions, idleHours, state, end } = useOwnSessions(api)
  const others = sessions.filter(({ isCurrent }) => !isCurrent)
  return (
    <Dialog title={t('sessions.title')} onClose={onClose}>
      <p className={classes.lead}>{t('sessions.lead', { hours: idleHours })}</p>
      {state === 'failed' && (
        <p className={classes.failed} role="alert">
          {t('sessions.failed')}
        </p>
      )}
      <ul className={classes.list} aria-busy={state === 'working'}>
        {sessions.map((session) => (
          <SessionRow
            key={session.sessionId}
            session={session}
            isBusy={state === 'working'}
            onEnd={() => void end(session.sessionId)}
          />
        ))}
      </ul>
      {others.length > 1 && (
        <Button variant="default" fullWidth disabled={state === 'working'} onClick={() => void end()}>
          {t('sessions.endOthers')}
        </Button>
      )}
    </Dialog>
  )
}

type RowProps = { session: OwnSessionBody; isBusy: boolean; onEnd: () => void }

function SessionRow({ session: { device, address, signedInAt, lastUsedAt, isCurrent }, isBusy, onEnd }: RowProps) {
  const { t, i18n } = useTranslation()
  const at = (instant: string) => formatInstant(instant, i18n.language)
  const name = [device.browser, device.system].filter(Boolean).join(' · ') || t('sessions.unknown')
  return (
    <li className={classes.row}>
      <div>
        <p className={classes.name}>{name}</p>
        <p className={classes.detail}>{t('sessions.signedIn', { at: at(signedInAt), address })}</p>
        <p className={classes.detail}>{t('sessions.lastUsed', { at: at(lastUsedAt) })}</p>
      </div>
      {isCurrent ? (
        <span className={classes.current}>{t('sessions.current')}</span>
      ) : (
        <Button
          variant="default"
          size="xs"
          disabled={isBusy}
          onClick={onEnd}
          aria-label={t('sessions.endOf', { name })}
        >
          {t('sessions.end')}
        </Button>
      )}
    </li>
  )
}

/** The list, read anew after each change. */
function useOwnSessions(api: ApiClient) {
  const [found, setFound] = useState<OwnSessions>({ sessions: [], idleHours: 0 })
  const [state, setState] = useState<'working' | 'ready' | 'failed'>('working')
  const run = useCallback(
    async (work: () => Promise<void>) => {
      setState('working')
      try {
        await work()
        setFound(await api.get<OwnSessions>(path))
        setState('ready')
      } catch {
        setState('failed')
      }
    },
    [api],
  )
  useEffect(() => void run(async () => undefined), [run])
  const end = (id?: string) => run(() => api.remove(id === undefined ? path : `${path}/${encodeURIComponent(id)}`))
  return { ...found, state, end }
}
