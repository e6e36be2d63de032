# A machine with two identities, a vault, and grants: what one of the identities may read, the
# other may not. Nothing here knows of Locum.

terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.42"
    }
  }
}

provider "azurerm" {
  features {}
}

variable "vault_name" {
  type    = string
  default = "from-terraform"
}

variable "size" {
  type    = string
  default = "Standard_B1s"
}

data "azurerm_client_config" "owner" {}

resource "azurerm_resource_group" "estate" {
  name     = "terraform-estate"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "reader" {
  name                = "reader"
  location            = azurerm_resource_group.estate.location
  resource_group_name = azurerm_resource_group.estate.name
}

resource "azurerm_virtual_network" "network" {
  name                = "network"
  location            = azurerm_resource_group.estate.location
  resource_group_name = azurerm_resource_group.estate.name
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "machines" {
  name                 = "machines"
  resource_group_name  = azurerm_resource_group.estate.name
  virtual_network_name = azurerm_virtual_network.network.name
  address_prefixes     = ["10.0.1.0/24"]
}

resource "azurerm_network_interface" "vm" {
  name                = "vm-nic"
  location            = azurerm_resource_group.estate.location
  resource_group_name = azurerm_resource_group.estate.name

  ip_configuration {
    name                          = "internal"
    subnet_id                     = azurerm_subnet.machines.id
    private_ip_address_allocation = "Dynamic"
  }
}

resource "azurerm_linux_virtual_machine" "vm" {
  name                            = "terraform-vm"
  location                        = azurerm_resource_group.estate.location
  resource_group_name             = azurerm_resource_group.estate.name
  size                            = var.size
  network_interface_ids           = [azurerm_network_interface.vm.id]
  admin_username                  = "operator"
  admin_password                  = "N0t-used-by-anybody"
  disable_password_authentication = false

  identity {
    type         = "SystemAssigned, UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.reader.id]
  }

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Standard_LRS"
  }

  source_image_reference {
    publisher = "Canonical"
    offer     = "0001-com-ubuntu-server-jammy"
    sku       = "22_04-lts-gen2"
    version   = "latest"
  }
}

resource "azurerm_key_vault" "vault" {
  name                       = var.vault_name
  location                   = azurerm_resource_group.estate.location
  resource_group_name        = azurerm_resource_group.estate.name
  tenant_id                  = data.azurerm_client_config.owner.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_role_assignment" "owner_keeps_secrets" {
  scope                = azurerm_key_vault.vault.id
  role_definition_name = "Key Vault Secrets Officer"
  principal_id         = data.azurerm_client_config.owner.object_id
}

resource "azurerm_role_assignment" "reader_reads_secrets" {
  scope                = azurerm_key_vault.vault.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.reader.principal_id
}

resource "azurerm_key_vault_secret" "greeting" {
  name         = "greeting"
  value        = "Hello from Terraform."
  key_vault_id = azurerm_key_vault.vault.id
  depends_on   = [azurerm_role_assignment.owner_keeps_secrets]
}

output "client_id" {
  value = azurerm_user_assigned_identity.reader.client_id
}
