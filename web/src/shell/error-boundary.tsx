import { Component, type ReactNode } from 'react'
import { CrashScreen } from './start-screen.tsx'

type Props = { children: ReactNode; fallback?: ReactNode }

/** Keeps a fault in one part from leaving a white page. A class because React offers no other way. */
export class ErrorBoundary extends Component<Props, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true }
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children
    return this.props.fallback ?? <CrashScreen />
  }
}
