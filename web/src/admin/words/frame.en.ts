import type { frame as frameKo } from './frame.ko.ts'

export const frame: typeof frameKo = {
  title: 'Administration',
  menu: 'Administration menu',
  openMenu: 'Open administration menu',
  none: 'None',
  missing: 'There is no such page. Choose one from the menu.',
  pages: {
    overview: 'Overview',
    status: 'Status',
    review: 'Review desk',
    training: 'Training and models',
    people: 'People',
    roles: 'Roles',
    'api-keys': 'API keys',
    networks: 'Networks',
    notify: 'Messages sent',
    mail: 'Mail',
    push: 'Push',
    'dead-letters': 'Undelivered messages',
    suppressions: 'Suppression list',
    devices: 'Devices and topics',
    'push-sink': 'Recorded push messages',
    audit: 'Audit trail',
  },
}
