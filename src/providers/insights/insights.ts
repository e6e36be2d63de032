/**
 * Microsoft.Insights: the activity log, read from the audit, and components of Application Insights
 * as resources. Nothing here records.
 */
import type { Provider } from '../provider.ts'
import { activityLog } from './activity-log.ts'
import { components } from './components.ts'

export const insightsProvider: Provider = {
  namespace: 'Microsoft.Insights',
  types: [activityLog, components],
}
