import { useMemo } from 'react'
import type { ApiClient } from '../../api/client.ts'
import type { AdminPageName } from '../admin-route.ts'
import { DeadLettersPage } from '../dead-letters/dead-letters-page.tsx'
import { DevicesPage } from './devices-page.tsx'
import { MailPage } from './mail-page.tsx'
import { createNotifyRequests } from './notify-requests.ts'
import { OneMailPage } from './one-mail-page.tsx'
import { OnePushPage } from './one-push-page.tsx'
import { PushPage } from './push-page.tsx'
import { SinkPage } from './sink-page.tsx'
import { SummaryPage } from './summary-page.tsx'
import { SuppressionsPage } from './suppressions-page.tsx'

type Page = Extract<
  AdminPageName,
  'notify' | 'mail' | 'suppressions' | 'push' | 'devices' | 'push-sink' | 'dead-letters'
>

/** The pages of what the product sends, for those whose role permits `notify`. */
export function NotifyPages({ page, id, api }: { page: Page; id: string | null; api: ApiClient }) {
  const requests = useMemo(() => createNotifyRequests(api), [api])
  switch (page) {
    case 'notify':
      return <SummaryPage requests={requests} />
    case 'mail':
      return id ? <OneMailPage key={id} email={id} requests={requests} /> : <MailPage requests={requests} />
    case 'suppressions':
      return <SuppressionsPage requests={requests} />
    case 'push':
      return id ? <OnePushPage key={id} push={id} requests={requests} /> : <PushPage requests={requests} />
    case 'devices':
      return <DevicesPage requests={requests} />
    case 'push-sink':
      return <SinkPage requests={requests} />
    case 'dead-letters':
      return <DeadLettersPage requests={requests} />
  }
}
