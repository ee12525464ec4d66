import type { permission as permissionKo, roles as rolesKo } from './roles.ko.ts'

export const roles: typeof rolesKo = {
  lead: 'What each role can see and manage.',
  fileTitle: 'Read only',
  file: 'Roles and row rules are in access/roles.yaml, under your company’s version control. To change them, edit the file and restart the service.',
  sees: 'What they can see',
  entity: 'Entity',
  owner: 'Owner',
  choose: 'Choose a role',
  none: 'None',
  manages: 'What they can manage',
  permission: 'Permission',
  given: 'Roles',
  groups: 'Company sign-in groups',
  group: 'Group',
  nobody: 'Nobody',
}

export const permission: typeof permissionKo = {
  sync: 'ERP connection and sync',
  people: 'People and roles',
  'api-keys': 'API keys',
  networks: 'Networks',
  audit: 'Audit trail',
  notify: 'Mail and notices',
  training: 'Training and models',
}
