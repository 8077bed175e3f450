//! The heat balance of the whole device.

use super::builder::{Builder, Fault};
use crate::design::Thermal;
use cellwright_device::{Device, Role};
use cellwright_electrochem::heat::{Heat, LumpedHeat};

impl Builder<'_> {
    pub(super) fn heat(&mut self, device: &Device) -> Result<(Option<Heat>, f64), Fault> {
        let Thermal::Lumped {
            ambient,
            heat_transfer,
            area,
            heat_capacity,
        } = &self.design.thermal
        else {
            return Ok((None, self.design.temperature.value));
        };
        let total = match heat_capacity {
            Some(c) => c.value,
            None => {
                let mut sum = 0.0;
                for (film, layer) in self.design.films.iter().zip(&device.layers) {
                    let (name, place) = (&film.material.value, &film.material.place);
                    let density = self.constant(name, "density", place)?;
                    let specific = self.constant(name, "specific_heat", place)?;
                    let on_die = matches!(layer.role, Role::Substrate | Role::Encapsulation | Role::Insulator);
                    sum += density * specific * layer.thickness * if on_die { device.die_area() } else { device.active_area };
                }
                sum
            }
        };
        let cooled = area.as_ref().map_or(2.0 * device.die_area(), |a| a.value);
        Ok((
            Some(Heat::Lumped(LumpedHeat {
                heat_capacity: total,
                cooling: heat_transfer.value * cooled,
            })),
            *ambient,
        ))
    }
}
