import { describeErpConnector } from '../../erp-connector.contract.ts'
import { openOffice } from './odoo-office-fixture.ts'

describeErpConnector('Odoo JSON-2', openOffice)
