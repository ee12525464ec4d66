import { MantineProvider } from '@mantine/core'
import { ChatPage } from './chat/chat-page.tsx'
import { SignInPage } from './session/sign-in-page.tsx'
import { useSession } from './session/use-session.ts'
import { ErrorBoundary } from './shell/error-boundary.tsx'
import { StartScreen } from './shell/start-screen.tsx'
import { theme } from './theme/theme.ts'

/** Sign-in page or chat, whichever the session allows. No style tags at run time: the content security policy forbids them. */
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
  switch (session.state) {
    case 'loading':
      return <StartScreen />
    case 'unreachable':
      return <StartScreen onRetry={reload} />
    case 'signed-out':
    case 'expired':
      return <SignInPage expired={session.state === 'expired'} />
    case 'signed-in':
      return <ChatPage me={session.me} api={api} onSignOut={() => void signOut()} />
  }
}
