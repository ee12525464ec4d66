/** Codes of what asking the ERP again would not change: it is for the operator to set right. */
export const lastingErrors: ReadonlySet<string> = new Set(['NOT_IN_ERP', 'QUERY_INVALID'])

/** Codes that may mean one entity, or all of the ERP for a while. */
export const refusals: ReadonlySet<string> = new Set(['ERP_REFUSED', 'ERP_BAD_REPLY'])
