/** Roles for messages and events. */
import type { BuiltInRoleRow } from './row.ts'

export const MESSAGING: readonly BuiltInRoleRow[] = [
  {
    name: 'Azure Service Bus Data Owner',
    id: '090c5cfd-751d-490a-894a-3ce6f1109419',
    description: 'Everything with Service Bus, its messages included.',
    permissions: [{ actions: ['Microsoft.ServiceBus/*'], dataActions: ['Microsoft.ServiceBus/*'] }],
  },
  {
    name: 'Azure Service Bus Data Receiver',
    id: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0',
    description: 'Receives messages from Service Bus.',
    permissions: [
      {
        actions: [
          'Microsoft.ServiceBus/*/queues/read',
          'Microsoft.ServiceBus/*/topics/read',
          'Microsoft.ServiceBus/*/topics/subscriptions/read',
        ],
        dataActions: ['Microsoft.ServiceBus/*/receive/action'],
      },
    ],
  },
  {
    name: 'Azure Service Bus Data Sender',
    id: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39',
    description: 'Sends messages to Service Bus.',
    permissions: [
      {
        actions: [
          'Microsoft.ServiceBus/*/queues/read',
          'Microsoft.ServiceBus/*/topics/read',
          'Microsoft.ServiceBus/*/topics/subscriptions/read',
        ],
        dataActions: ['Microsoft.ServiceBus/*/send/action'],
      },
    ],
  },
  {
    name: 'Azure Event Hubs Data Owner',
    id: 'f526a384-b230-433a-b45c-95f59c4a2dec',
    description: 'Everything with Event Hubs, their events included.',
    permissions: [{ actions: ['Microsoft.EventHub/*'], dataActions: ['Microsoft.EventHub/*'] }],
  },
  {
    name: 'Azure Event Hubs Data Receiver',
    id: 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde',
    description: 'Receives events from Event Hubs.',
    permissions: [
      {
        actions: ['Microsoft.EventHub/*/eventhubs/consumergroups/read'],
        dataActions: ['Microsoft.EventHub/*/receive/action'],
      },
    ],
  },
  {
    name: 'Azure Event Hubs Data Sender',
    id: '2b629674-e913-4c01-ae53-ef4638d8f975',
    description: 'Sends events to Event Hubs.',
    permissions: [
      {
        actions: ['Microsoft.EventHub/*/eventhubs/read'],
        dataActions: ['Microsoft.EventHub/*/send/action'],
      },
    ],
  },
  {
    name: 'EventGrid Contributor',
    id: '1e241071-0855-49ea-94dc-649edcd759de',
    description: 'Manages Event Grid.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.EventGrid/*',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
  {
    name: 'EventGrid Data Contributor',
    id: '1d8c3fe3-8864-474b-8749-01e3783e8157',
    description: 'Publishes and receives events of Event Grid.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.EventGrid/eventSubscriptions/read',
          'Microsoft.EventGrid/topicTypes/eventSubscriptions/read',
          'Microsoft.EventGrid/locations/eventSubscriptions/read',
          'Microsoft.EventGrid/locations/topicTypes/eventSubscriptions/read',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.EventGrid/topics/read',
          'Microsoft.EventGrid/domains/read',
          'Microsoft.EventGrid/partnerNamespaces/read',
          'Microsoft.EventGrid/namespaces/read',
        ],
        dataActions: [
          'Microsoft.EventGrid/events/send/action',
          'Microsoft.EventGrid/events/receive/action',
        ],
      },
    ],
  },
  {
    name: 'EventGrid Data Receiver',
    id: '78cbd9e7-9798-4e2e-9b5a-547d9ebb31fb',
    description: 'Receives events from Event Grid.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.EventGrid/eventSubscriptions/read',
          'Microsoft.EventGrid/topicTypes/eventSubscriptions/read',
          'Microsoft.EventGrid/locations/eventSubscriptions/read',
          'Microsoft.EventGrid/locations/topicTypes/eventSubscriptions/read',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.EventGrid/namespaces/read',
        ],
        dataActions: ['Microsoft.EventGrid/events/receive/action'],
      },
    ],
  },
  {
    name: 'EventGrid Data Sender',
    id: 'd5a91429-5739-47e2-a06b-3470a27159e7',
    description: 'Sends events to Event Grid.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.EventGrid/topics/read',
          'Microsoft.EventGrid/domains/read',
          'Microsoft.EventGrid/partnerNamespaces/read',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.EventGrid/namespaces/read',
        ],
        dataActions: ['Microsoft.EventGrid/events/send/action'],
      },
    ],
  },
  {
    name: 'EventGrid EventSubscription Contributor',
    id: '428e0ff0-5e57-4d9c-a221-2c70d0e0a443',
    description: 'Manages subscriptions to events.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.EventGrid/eventSubscriptions/*',
          'Microsoft.EventGrid/topicTypes/eventSubscriptions/read',
          'Microsoft.EventGrid/locations/eventSubscriptions/read',
          'Microsoft.EventGrid/locations/topicTypes/eventSubscriptions/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
  {
    name: 'EventGrid EventSubscription Reader',
    id: '2414bbcf-6497-4faf-8c65-045460748405',
    description: 'Sees subscriptions to events.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.EventGrid/eventSubscriptions/read',
          'Microsoft.EventGrid/topicTypes/eventSubscriptions/read',
          'Microsoft.EventGrid/locations/eventSubscriptions/read',
          'Microsoft.EventGrid/locations/topicTypes/eventSubscriptions/read',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
        ],
      },
    ],
  },
  {
    name: 'SignalR App Server',
    id: '420fcaa2-552c-430f-98ca-3264be4806c7',
    description: 'Lets an application server talk to SignalR.',
    permissions: [
      {
        dataActions: [
          'Microsoft.SignalRService/SignalR/auth/accessKey/action',
          'Microsoft.SignalRService/SignalR/serverConnection/write',
          'Microsoft.SignalRService/SignalR/clientConnection/write',
        ],
      },
    ],
  },
  {
    name: 'SignalR Service Owner',
    id: '7e4f1700-ea5a-4f59-8f37-079cfe29dce3',
    description: 'Everything with the data of SignalR.',
    permissions: [{ dataActions: ['Microsoft.SignalRService/SignalR/*'] }],
  },
]
