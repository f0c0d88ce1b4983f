//! probe
use pyo3::prelude::*;
/// x
#[pyclass(frozen)]
pub struct Session { a: u32 }
#[pymethods]
impl Session {
    /// y
    fn receive<'py>(&self, py: Python<'py>) -> PyResult<(u8, Bound<'py, pyo3::types::PyBytes>)> {
        let v = py.detach(|| self.a);
        Ok((v as u8, pyo3::types::PyBytes::new(py, b"x")))
    }
}
/// z
#[pyfunction]
fn serve(py: Python<'_>, fork: Bound<'_, PyAny>) -> PyResult<Option<Session>> { let _ = py; let p: i32 = fork.call0()?.extract()?; Ok((p == 0).then_some(Session { a: 1 })) }
/// m
#[pymodule]
fn hearth_worker(m: &Bound<'_, PyModule>) -> PyResult<()> { m.add("X", 1)?; m.add_class::<Session>()?; m.add_function(wrap_pyfunction!(serve, m)?) }
