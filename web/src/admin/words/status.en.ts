import type { status as statusKo } from './status.ko.ts'

export const status: typeof statusKo = {
  lead: 'Whether what the service depends on answers. Looked at every 15 seconds.',
  all: {
    up: 'Everything answers.',
    partly: 'Something does not answer. Questions are still answered.',
    down: 'Questions cannot be answered at the moment.',
  },
  dependency: 'Depends on',
  state: { up: 'Up', partly: 'In part', down: 'No reply', unknown: 'Not known yet', absent: 'Not configured' },
  stateTitle: 'State',
  since: 'since {{at}}',
  effect: 'While it is down',
  took: 'Reply time',
  ms: '{{count}} ms',
  reason: 'Reason',
}
