import { Drawer } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { Menu as MenuIcon } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../src/auth/api.ts'
import type { ApiClient } from '../api/client.ts'
import { addWords } from '../i18n/i18n.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { Refused } from '../parts/refused.tsx'
import { usePageTitle } from '../parts/use-page-title.ts'
import { phoneQuery } from '../shell/phone-query.ts'
import { SkipLink } from '../shell/skip-link.tsx'
import { TopBar } from '../shell/top-bar.tsx'
import { usePath } from '../shell/use-route.ts'
import { AdminNav } from './admin-nav.tsx'
import classes from './admin-page.module.css'
import { createAdminRequests } from './admin-requests.ts'
import { type AdminPageName, type AdminRoute, readAdminRoute, visiblePages } from './admin-route.ts'
import { ApiKeysPage } from './api-keys/api-keys-page.tsx'
import { AuditPage } from './audit/audit-page.tsx'
import { NetworksPage } from './networks/networks-page.tsx'
import { NotifyPages } from './notify/notify-pages.tsx'
import { OverviewPage } from './overview/overview-page.tsx'
import { PeoplePage } from './people/people-page.tsx'
import { PersonPage } from './people/person-page.tsx'
import { ReviewPage } from './review/review-page.tsx'
import { RolesPage } from './roles/roles-page.tsx'
import { StatusPage } from './status/status-page.tsx'
import { createSystemRequests } from './system-requests.ts'
import { TrainingPage } from './training/training-page.tsx'
import { createTrainingRequests } from './training-requests.ts'
import { en } from './words/en.ts'
import { ko } from './words/ko.ts'

addWords('admin', { ko, en })

type Props = { me: Me; api: ApiClient; onSignOut: () => void }

/** The console: a menu of what one may manage, and the page that the address names. */
export function AdminPage({ me, api, onSignOut }: Props) {
  const { t } = useTranslation('admin')
  const isPhone = useMediaQuery(phoneQuery, undefined, { getInitialValueInEffect: false })
  const [isMenuOpen, menu] = useDisclosure(false)
  const path = usePath()
  const pages = visiblePages(me.permissions)
  const asked = readAdminRoute(path)
  const route: AdminRoute = asked.page === 'home' ? { page: pages[0] ?? 'missing', id: null } : asked
  const current = route.page === 'missing' || route.page === 'home' ? null : route.page
  const main = useRef<HTMLElement>(null)
  const title = current ? t(`pages.${current}`) : t('title')

  usePageTitle(`${title} · ${t('title')}`)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page begins at its top
  useEffect(() => {
    main.current?.scrollTo(0, 0)
  }, [path])

  const nav = <AdminNav pages={pages} current={current} onGo={menu.close} />
  return (
    <div className={classes.frame}>
      <SkipLink />
      {!isPhone && <aside className={classes.side}>{nav}</aside>}
      <Drawer
        opened={isPhone === true && isMenuOpen}
        onClose={menu.close}
        size={280}
        padding={0}
        withCloseButton={false}
        lockScroll={false}
        attributes={{ content: { 'aria-label': t('menu') } }}
      >
        <div className={classes.drawer}>{nav}</div>
      </Drawer>
      <div className={classes.stage}>
        <TopBar me={me} api={api} onSignOut={onSignOut}>
          {isPhone && (
            <IconButton icon={MenuIcon} label={t('openMenu')} aria-expanded={isMenuOpen} onClick={menu.open} />
          )}
          {isPhone && <p>{title}</p>}
        </TopBar>
        {/* Reachable by keyboard, because a page to read only may have nothing else to scroll it by. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
        <main id="main" ref={main} className={classes.main} tabIndex={0}>
          <CurrentPage me={me} route={route} pages={pages} api={api} />
        </main>
      </div>
    </div>
  )
}

type CurrentProps = { me: Me; route: AdminRoute; pages: AdminPageName[]; api: ApiClient }

function CurrentPage({ me, route, pages, api }: CurrentProps) {
  const { t } = useTranslation('admin')
  const requests = useMemo(() => createAdminRequests(api), [api])
  const system = useMemo(() => createSystemRequests(api), [api])
  const training = useMemo(() => createTrainingRequests(api), [api])
  if (pages.length === 0) return <Refused />
  if (route.page === 'missing' || route.page === 'home') return <h1 className={classes.missing}>{t('missing')}</h1>
  if (!pages.includes(route.page)) return <Refused />
  switch (route.page) {
    case 'people':
      return route.id ? (
        <PersonPage key={route.id} userId={route.id} requests={requests} />
      ) : (
        <PeoplePage requests={requests} />
      )
    case 'notify':
    case 'mail':
    case 'suppressions':
    case 'push':
    case 'devices':
    case 'push-sink':
    case 'dead-letters':
      return <NotifyPages page={route.page} id={route.id} api={api} />
    case 'roles':
      return <RolesPage requests={requests} />
    case 'api-keys':
      return <ApiKeysPage me={me} requests={system} people={requests} />
    case 'networks':
      return <NetworksPage requests={system} />
    case 'status':
      return <StatusPage requests={system} />
    case 'review':
      return <ReviewPage requests={training} />
    case 'training':
      return <TrainingPage requests={training} />
    case 'audit':
      return <AuditPage requests={system} />
    default:
      return <OverviewPage requests={requests} />
  }
}
