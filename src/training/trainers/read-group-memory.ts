import { readdirSync, readFileSync } from 'node:fs'

const pageBytes = 4096

/**
 * The memory, in MB, that the processes of a group hold together, as Linux tells it (proc(5): `stat` fields 5 and 24). 0 where there is
 * no /proc.
 */
export function readGroupMb(group: number): number {
  let pages = 0
  for (const name of list()) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      // The program's name stands in brackets and may hold anything.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (Number(fields[2]) === group) pages += Number(fields[21])
    } catch {
      // It has ended since.
    }
  }
  return (pages * pageBytes) / 2 ** 20
}

function list(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}
