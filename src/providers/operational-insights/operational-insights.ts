/**
 * Microsoft.OperationalInsights: workspaces as resources, for what names one beside itself. Nothing
 * is collected here and nothing can be asked of a workspace.
 */
import type { Provider } from '../provider.ts'
import { deletedWorkspaces, workspaces } from './workspaces.ts'

export const operationalInsightsProvider: Provider = {
  namespace: 'Microsoft.OperationalInsights',
  types: [workspaces, deletedWorkspaces],
}
