import { MantineProvider } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { isAdminPath } from './admin/admin-route.ts'
import { ChatPage } from './chat/chat-page.tsx'
import { usePush } from './push/use-push.ts'
import { SignInPage } from './session/sign-in-page.tsx'
import { useSession } from './session/use-session.ts'
import { ErrorBoundary } from './shell/error-boundary.tsx'
import { StartScreen } from './shell/start-screen.tsx'
import { usePath } from './shell/use-route.ts'
import { theme } from './theme/theme.ts'

/** Few need the console: its code comes when somebody goes there. */
const AdminPage = lazy(async () => ({ default: (await import('./admin/admin-page.tsx')).AdminPage }))

const SubscriptionsPage = lazy(async () => ({
  default: (await import('./subscriptions/subscriptions-page.tsx')).SubscriptionsPage,
}))

/** Sign-in page, chat or console, whichever the session and the address say. No style tags at run time: the content security policy forbids them. */
export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <ErrorBoundary>
        <Pages />
      </ErrorBoundary>
    </MantineProvider>
  )
}

function Pages() {
  const { session, api, reload, signOut } = useSession()
  const path = usePath()
  usePush(api, session.state === 'signed-in' ? session.me : null)
  switch (session.state) {
    case 'loading':
      return <StartScreen />
    case 'unreachable':
      return <StartScreen onRetry={reload} />
    case 'signed-out':
    case 'expired':
      return <SignInPage expired={session.state === 'expired'} />
    case 'signed-in':
      if (isAdminPath(path))
        return (
          <Suspense fallback={<StartScreen />}>
            <AdminPage me={session.me} api={api} onSignOut={() => void signOut()} />
          </Suspense>
        )
      if (/^\/subscriptions\/?$/.test(path))
        return (
          <Suspense fallback={<StartScreen />}>
            <SubscriptionsPage me={session.me} api={api} onSignOut={() => void signOut()} />
          </Suspense>
        )
      return <ChatPage me={session.me} api={api} onSignOut={() => void signOut()} />
  }
}
