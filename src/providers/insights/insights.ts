/** Microsoft.Insights: the activity log, read from the audit. Nothing here records. */
import type { Provider } from '../provider.ts'
import { activityLog } from './activity-log.ts'

export const insightsProvider: Provider = { namespace: 'Microsoft.Insights', types: [activityLog] }
