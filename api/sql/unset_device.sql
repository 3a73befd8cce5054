-- Nothing is said of a sensor any more. No row where nothing was.
delete from device_setting where gateway_id = %(gateway_id)s and sensor = %(sensor)s returning sensor
