; The Windows installer, for Inno Setup 6.3 or later. packaging/bundling/windows.py calls it with
;   /DVersion=0.1.0 /DNumbers=0.1.0.0 /DPublisher=(who)
;   /DSource=(the program's folder) /DIcon=(an .ico file)
; and, where the files are to be signed, with /DSigned and a sign tool of the name "digitpad".
#ifndef Version
  #error "Start this through packaging/build.py, which says what is to be installed."
#endif

[Setup]
; Never to be changed: by this an installer finds the version that it follows.
AppId={{A8BAFE03-F171-426E-AE9A-C75ACC858135}
AppName=Digitpad
AppVersion={#Version}
AppPublisher={#Publisher}
VersionInfoVersion={#Numbers}
SetupIconFile={#Icon}
LicenseFile=..\..\LICENSE
WizardStyle=modern
; For one user, unless the first page, or /ALLUSERS, asks for all of them.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
DefaultDirName={autopf}\Digitpad
DisableProgramGroupPage=yes
; Windows 10 1809, as Qt wants it.
MinVersion=10.0.17763
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
Compression=lzma2/ultra
SolidCompression=yes
CloseApplications=yes
CloseApplicationsFilter=*.exe,*.dll,*.pyd
RestartApplications=no
ChangesEnvironment=yes
UninstallDisplayName=Digitpad
UninstallDisplayIcon={app}\digitpad-window.exe
#ifdef Signed
SignTool=digitpad
SignedUninstaller=yes
#endif

[Tasks]
Name: desktopicon; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked
Name: path; Description: "{cm:CommandLineTask}"; GroupDescription: "{cm:CommandLineGroup}"; Flags: unchecked

[CustomMessages]
CommandLineGroup=Command line:
CommandLineTask=Add &digitpad to the PATH, for the command line

[InstallDelete]
; Modules that a newer version does not have any more would be found and imported.
Type: filesandordirs; Name: "{app}\_internal"
; Comes back where it is still wanted.
Type: files; Name: "{autodesktop}\Digitpad.lnk"

[Files]
#ifdef Signed
Source: "{#Source}\*.exe"; DestDir: "{app}"; Flags: ignoreversion signonce
#else
Source: "{#Source}\*.exe"; DestDir: "{app}"; Flags: ignoreversion
#endif
Source: "{#Source}\*"; Excludes: "\*.exe"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\Digitpad"; Filename: "{app}\digitpad-window.exe"
Name: "{autodesktop}\Digitpad"; Filename: "{app}\digitpad-window.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "{code:EnvironmentKey}"; ValueType: expandsz; ValueName: "Path"; ValueData: "{code:PathWithProgram}"; Tasks: path

[Run]
Filename: "{app}\digitpad-window.exe"; Description: "{cm:LaunchProgram,Digitpad}"; Flags: nowait postinstall skipifsilent

; The user's profile lies elsewhere (%LOCALAPPDATA%\digitpad) and stays when the program goes.

[Code]
function EnvironmentRoot: Integer;
begin
  if IsAdminInstallMode then
    Result := HKEY_LOCAL_MACHINE
  else
    Result := HKEY_CURRENT_USER;
end;

function EnvironmentKey(Param: String): String;
begin
  if IsAdminInstallMode then
    Result := 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
  else
    Result := 'Environment';
end;

function PathOfSystem: String;
begin
  Result := '';
  RegQueryStringValue(EnvironmentRoot, EnvironmentKey(''), 'Path', Result);
end;

{ Without the program's folder, however often it is there; all else stays as it is. }
function PathWithout(Path, Folder: String): String;
var
  Entry: String;
  Semicolon: Integer;
  First: Boolean;
begin
  Result := '';
  First := True;
  while Path <> '' do
  begin
    Semicolon := Pos(';', Path);
    if Semicolon = 0 then
      Semicolon := Length(Path) + 1;
    Entry := Copy(Path, 1, Semicolon - 1);
    Delete(Path, 1, Semicolon);
    if CompareText(RemoveBackslashUnlessRoot(Entry), RemoveBackslashUnlessRoot(Folder)) <> 0 then
    begin
      if not First then
        Result := Result + ';';
      Result := Result + Entry;
      First := False;
    end;
  end;
end;

function PathWithProgram(Param: String): String;
begin
  Result := PathWithout(PathOfSystem, ExpandConstant('{app}'));
  if (Result <> '') and (Result[Length(Result)] <> ';') then
    Result := Result + ';';
  Result := Result + ExpandConstant('{app}');
end;

procedure TakeProgramOffPath;
var
  Old, New: String;
begin
  Old := PathOfSystem;
  New := PathWithout(Old, ExpandConstant('{app}'));
  if New <> Old then
    RegWriteExpandStringValue(EnvironmentRoot, EnvironmentKey(''), 'Path', New);
end;

procedure CurStepChanged(CurStep: TSetupStep);
begin
  { An earlier version may have been installed with it. }
  if (CurStep = ssInstall) and not WizardIsTaskSelected('path') then
    TakeProgramOffPath;
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
begin
  if CurUninstallStep = usUninstall then
    TakeProgramOffPath;
end;
