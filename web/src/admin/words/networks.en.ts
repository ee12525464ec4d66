import type { networks as networksKo } from './networks.ko.ts'

export const networks: typeof networksKo = {
  lead: 'From which networks the administration and each role may be used. Changes take effect within 5 seconds.',
  yourAddress: 'You are connected from:',
  administration: 'Administration',
  subject: 'For',
  allowed: 'Allowed networks',
  everywhere: 'Everywhere',
  changed: 'Changed',
  edit: 'Change',
  editTitle: 'Change networks of “{{name}}”',
  editText: 'It cannot be used from outside these networks. Clear them all to allow everywhere.',
  hint: 'One a line, such as 203.0.113.0/24 or 2001:db8::/32. You are connected from {{address}}.',
  confirm: 'Change it even if it cannot be undone from where I am',
  save: 'Save',
}
